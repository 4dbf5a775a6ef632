#include "tests/sim/oracle.h"

#include "consumers/home.h"
#include "consumers/period_close.h"
#include "consumers/stage_person.h"
#include "proto/wire.h"
#include "state/fact_codec.h"

#include <stdio.h>

struct oracle_folk *oracle_folk_new(struct oracle *oracle)
{
    struct oracle_folk *folk = SIM_NEW(oracle->sim, struct oracle_folk);
    for (int32_t p = 0; p < oracle->broker->partition_count; p++) {
        enum status status = calendar_decode(oracle->sim->arena, TEXT_EMPTY, &folk->calendars[p]);
        CHECK(status == STATUS_OK);
    }
    return folk;
}

void oracle_begin(struct oracle *oracle, struct sim_broker *broker, const struct county *county, struct arena *scratch)
{
    struct sim *sim = broker->sim;
    *oracle = (struct oracle){ .sim = sim,
        .broker = broker,
        .context = county->context,
        .pack = county->pack,
        .scratch = scratch,
        .ids = sim_take(sim, ORACLE_IDS_SIZE * sizeof(uint64_t)) };
    oracle->folk = oracle_folk_new(oracle);
}

/* ---- Ids ---- */

static uint64_t hash_of(uint64_t hash, struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (uint8_t)text.at[i]) * UINT64_C(0x100000001b3);
    return (hash ^ text.length) * UINT64_C(0x9e3779b97f4a7c15);
}

struct saying {
    const char *topic;
    struct text id, more;
};

/* Where its hash stands, or belongs. */
static uint64_t *place_of(const struct oracle *oracle, const struct saying *saying, uint64_t *ret_hash)
{
    uint64_t hash = hash_of(hash_of(hash_of(1, text_of(saying->topic)), saying->id), saying->more) | 1;
    size_t at = hash % ORACLE_IDS_SIZE;
    while (oracle->ids[at] != 0 && oracle->ids[at] != hash)
        at = (at + 1) % ORACLE_IDS_SIZE;
    *ret_hash = hash;
    return &oracle->ids[at];
}

static void note(struct oracle *oracle, const struct saying *saying)
{
    uint64_t hash, *place = place_of(oracle, saying, &hash);
    if (*place != 0)
        sim_fail(oracle->sim, "%s %.*s was told twice", saying->topic, TEXT_FORMAT(saying->id));
    CHECK(++oracle->id_count < ORACLE_IDS_SIZE / 2);
    *place = hash;
}

static void check_refused(struct oracle *oracle, const char *topic, const struct log_record *record)
{
    char id[80];
    uint64_t hash;
    snprintf(id, sizeof id, "rejection/%s/%d/%lld", topic, (int)record->partition, (long long)record->offset);
    const struct saying saying = { "rejection", text_of(id), record->value };
    if (*place_of(oracle, &saying, &hash) == 0)
        sim_fail(oracle->sim, "%s was never told", id);
}

/* ---- Facts ---- */

static struct oracle_person *find_or_add(struct oracle *oracle, struct oracle_folk *folk, struct text id)
{
    for (size_t i = 0; i < folk->count; i++)
        if (text_equal(folk->people[i].person.person_id, id))
            return &folk->people[i];
    CHECK(folk->count < ORACLE_PERSONS_MAX);
    struct oracle_person *added = &folk->people[folk->count++];
    added->person.region = text_of(oracle->pack->region);
    added->person.person_id = sim_copy(oracle->sim, id);
    added->book.sim = oracle->sim;
    return added;
}

static void take_close(struct oracle *oracle, struct oracle_folk *folk, const struct log_record *record)
{
    struct period_close close;
    struct calendar *calendar = &folk->calendars[record->partition];
    bool changed;
    if (consumer_period_close_decode(oracle->context, oracle->sim->arena, record->value, &close, NULL) != STATUS_OK
        || consumer_period_close_is_internal(&close))
        return;
    folk->has_closed[record->partition] = true;
    if (close.grant.fen == 0 && close.month != 0)
        (void)calendar_close_month(calendar, close.year, close.month);
    if (close.grant.fen == 0 && close.month == 0)
        (void)calendar_close_year(calendar, close.year);
    if (close.grant.fen == 0)
        return;
    const struct fold_grant grant = { close.event_id, close.grant_on, close.grant };
    enum status status = calendar_add_grant(calendar, &grant, &changed);
    CHECK(status == STATUS_OK);
}

void oracle_take(struct oracle *oracle, struct oracle_folk *folk, const struct log_record *record)
{
    const char *topic = stage_person_topics[record->topic];
    struct sim *sim = oracle->sim;
    struct message message;
    struct person_added added;
    if (strcmp(topic, "period-close") == 0) {
        take_close(oracle, folk, record);
        return;
    }
    const struct message_record bytes = { message_codec_find(text_of(topic)), record->key, record->value };
    if (message_record_decode(oracle->context, sim->arena, &bytes, &message, NULL) != STATUS_OK) {
        check_refused(oracle, topic, record);
        return;
    }
    if (!folk->takes_astray && home_partition(message.person_id, oracle->broker->partition_count) != record->partition)
        return;
    struct oracle_person *person = find_or_add(oracle, folk, message.person_id);
    struct fact *fact = SIM_NEW(sim, struct fact);
    person->is_touched = true;
    *fact = message.fact;
    enum status status = fact_encode(sim->arena, fact);
    if (status == STATUS_OK && !message.trial)
        status = person_add(sim->arena, &person->person, fact, message_fact_bytes_cmp, &added);
    CHECK(status == STATUS_OK);
}

void oracle_fold(
    struct oracle *oracle, const struct oracle_folk *folk, struct person *person, struct ledger *ret_ledger)
{
    int32_t partition = home_partition(person->person_id, oracle->broker->partition_count);
    const struct calendar *calendar = &folk->calendars[partition];
    const struct person_policy policy = { oracle->pack, calendar->closed_years, calendar->grants,
        calendar->grant_count };
    struct difference difference;
    enum status status = person_settle(oracle->scratch, person, &policy, ret_ledger, &difference);
    CHECK(status == STATUS_OK);
}

/* ---- What is told ---- */

static struct text header(const struct log_output *output, const char *name)
{
    for (size_t i = output->header_count; i-- > 0;)
        if (text_equal(output->headers[i].name, text_of(name)))
            return output->headers[i].value;
    return TEXT_EMPTY;
}

static const void *unpacked(struct oracle *oracle, const ProtobufCMessageDescriptor *descriptor, struct text value)
{
    const ProtobufCMessage *message;
    struct fault fault;
    if (wire_unpack(descriptor, oracle->scratch, value, &message, &fault) != STATUS_OK)
        sim_fail(oracle->sim, "an output of ours cannot be read: %s", fault.text);
    return message;
}

static void take_settlement(struct oracle *oracle, const struct log_output *output)
{
    const Settled__V1__Settlement *settlement = unpacked(oracle, &settled__v1__settlement__descriptor, output->value);
    struct oracle_person *person = find_or_add(oracle, oracle->folk, text_of(settlement->person_id));
    person->is_touched = true;
    oracle->paid_fen += settlement->delta_fen > 0 ? settlement->delta_fen : 0;
    sim_say(oracle->sim, "settled   %s, subject %d %s, kind %d, status %d, because of %s/%d@%lld",
        settlement->person_id, (int)settlement->subject, settlement->subject_id, (int)settlement->kind,
        (int)settlement->status, settlement->trigger->topic, (int)settlement->trigger->partition,
        (long long)settlement->trigger->offset);
    book_settlement(&person->book, settlement);
}

/* The list of a closed month: everybody in it, then its end, which says how many they were. */
static void take_listed(struct oracle *oracle, const Settled__V1__Warning *warning)
{
    size_t at = 0;
    int32_t partition = warning->trigger->partition;
    while (at < oracle->list_count
        && (oracle->lists[at].partition != partition || strcmp(oracle->lists[at].period, warning->period) != 0))
        at++;
    CHECK(at < ORACLE_LISTS_MAX && strlen(warning->period) < sizeof oracle->lists[at].period);
    struct oracle_list *list = &oracle->lists[at];
    if (at == oracle->list_count) {
        oracle->list_count++;
        list->partition = partition;
        memcpy(list->period, warning->period, strlen(warning->period));
    }
    if (list->has_ended)
        sim_fail(oracle->sim, "the list of %s in partition %d goes on after its end", list->period, (int)partition);
    list->listed += warning->kind == SETTLED__V1__WARNING__KIND__MONTHLY;
    list->has_ended = warning->kind == SETTLED__V1__WARNING__KIND__LIST_END;
    if (list->has_ended && warning->count != list->listed)
        sim_fail(oracle->sim, "the list of %s in partition %d has %lld persons and says %lld", list->period,
            (int)partition, (long long)list->listed, (long long)warning->count);
}

static void take_warning(struct oracle *oracle, const struct log_output *output)
{
    const Settled__V1__Warning *warning = unpacked(oracle, &settled__v1__warning__descriptor, output->value);
    if (warning->kind == SETTLED__V1__WARNING__KIND__MONTHLY || warning->kind == SETTLED__V1__WARNING__KIND__LIST_END)
        take_listed(oracle, warning);
    if (warning->person_id[0] != '\0')
        book_warning(&find_or_add(oracle, oracle->folk, text_of(warning->person_id))->book, warning);
}

/* Several facts may be refused because of one record: each once. */
static void take_rejection(struct oracle *oracle, const struct log_output *output)
{
    const Settled__V1__Rejection *rejection = unpacked(oracle, &settled__v1__rejection__descriptor, output->value);
    struct text payload = { (const char *)rejection->payload.data, rejection->payload.len };
    sim_say(oracle->sim, "refused   %s %s", rejection->reason, rejection->field);
    note(oracle, &(struct saying){ output->topic, header(output, "ce_id"), payload });
}

static void take_output(struct oracle *oracle, const struct log_output *output)
{
    struct text id = header(output, "ce_id");
    sim_say(oracle->sim, "told      %s/%d %.*s", output->topic, (int)output->partition, TEXT_FORMAT(id));
    if (strcmp(output->topic, "rejection") == 0)
        take_rejection(oracle, output);
    else if (id.length != 0)
        note(oracle, &(struct saying){ output->topic, id, TEXT_EMPTY });
    if (strcmp(output->topic, "settlement") == 0)
        take_settlement(oracle, output);
    if (strcmp(output->topic, "warning") == 0)
        take_warning(oracle, output);
}

/* ---- What is committed ---- */

static struct log_record record_of(const struct sim_entry *entry, int topic, int64_t offset)
{
    return (struct log_record){ .topic = topic,
        .partition = entry->record.partition,
        .offset = offset,
        .key = entry->record.key,
        .value = entry->record.value };
}

/* All that the position says is done; a record of a person at home elsewhere is done when it comes there. */
static void take_read(struct oracle *oracle, const struct sim_group *group, const struct log_position *position)
{
    const struct sim_tail *tail =
        &sim_broker_topic(oracle->broker, group->topics[position->topic])->tails[position->partition];
    int64_t from = group->committed[position->topic][position->partition];
    if (position->offset < from || position->offset > tail->count)
        sim_fail(oracle->sim, "%s moves %s/%d from %lld to %lld", group->name, group->topics[position->topic],
            (int)position->partition, (long long)from, (long long)position->offset);
    for (int64_t offset = from < 0 ? 0 : from; offset < position->offset; offset++) {
        const struct sim_entry *entry = tail->entries[offset];
        if (entry->state == SIM_OPEN)
            sim_fail(oracle->sim, "%s passes over %s/%d@%lld, which is not decided", group->name,
                group->topics[position->topic], (int)position->partition, (long long)offset);
        struct log_record record = record_of(entry, position->topic, offset);
        if (entry->state == SIM_COMMITTED && group->topics == stage_person_topics)
            oracle_take(oracle, oracle->folk, &record);
    }
}

/* A closed period reaches persons one after another, so that what is owed to whom is certain only when all is quiet. */
static void check_touched(struct oracle *oracle)
{
    struct oracle_folk *folk = oracle->folk;
    for (size_t i = 0; i < folk->count; i++) {
        struct oracle_person *touched = &folk->people[i];
        struct person copy = touched->person;
        struct ledger ledger;
        bool was_touched = touched->is_touched;
        touched->is_touched = false;
        if (!was_touched || folk->has_closed[home_partition(copy.person_id, oracle->broker->partition_count)])
            continue;
        oracle_fold(oracle, folk, &copy, &ledger);
        book_check(&touched->book, &ledger);
        arena_reset(oracle->scratch);
    }
}

void oracle_committed(void *context, const struct sim_transaction *transaction)
{
    struct oracle *oracle = context;
    oracle->transactions += transaction->output_count != 0;
    for (size_t i = 0; i < transaction->output_count; i++) {
        take_output(oracle, &transaction->outputs[i]->record);
        arena_reset(oracle->scratch);
    }
    for (size_t i = 0; i < transaction->position_count; i++)
        take_read(oracle, transaction->group, &transaction->positions[i]);
    if (transaction->group->topics == stage_person_topics)
        check_touched(oracle);
}
