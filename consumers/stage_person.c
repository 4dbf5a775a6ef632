#include "consumers/stage_person_parts.h"

#include "producers/rejection.h"
#include "producers/warning.h"
#include "state/fact_codec.h"

#include <sodium.h>
#include <stdlib.h>

/** A person at the limit of facts needs about a tenth of it. */
#define SCRATCH_BYTES ((size_t)256 << 20)
/** Persons visited in one go; each may have a few settlements. */
#define VISIT_MOST 500

const char *const stage_person_topics[] = { "admission", "discharge", "identity-change", "person-fact", "case-action",
    "period-close", NULL };

/* ---- Keys ---- */

/* Two names run together unambiguously: a region has six digits. */
static struct store_key key_of(const uint8_t secret[16], struct text region, struct text name)
{
    uint8_t both[64];
    struct store_key key = { { 0 } };
    _Static_assert(sizeof key.bytes == crypto_shorthash_siphashx24_BYTES, "a key is one SipHash-2-4-128");
    CHECK(region.length + name.length <= sizeof both);
    memcpy(both, region.at, region.length);
    memcpy(both + region.length, name.at, name.length);
    crypto_shorthash_siphashx24(key.bytes, both, region.length + name.length, secret);
    return key;
}

struct store_key stage_person_key(const uint8_t secret[16], struct text region, struct text person_id)
{
    return key_of(secret, region, person_id);
}

struct store_key stage_person_calendar_key(const uint8_t secret[16], struct text region)
{
    return key_of(secret, region, TEXT("calendar"));
}

/* ---- Decoding ---- */

static bool is_close_topic(const struct log_record *record)
{
    return text_equal(text_of(stage_person_topics[record->topic]), TEXT("period-close"));
}

static enum status decode_close(struct stage_person *stage, struct stage_turn *turn, const struct log_record *record,
    struct person_input *input, struct store_key *ret_key)
{
    input->is_close = true;
    enum status status =
        consumer_period_close_decode(&stage->config.context, turn->arena, record->value, &input->close, turn->fault);
    if (status == STATUS_OK)
        *ret_key = stage_person_calendar_key(stage->config.key_secret, input->close.region);
    return status;
}

static enum status decode_message(struct stage_person *stage, struct stage_turn *turn, const struct log_record *record,
    struct person_input *input, struct store_key *ret_key)
{
    const struct message_record bytes = { .codec = message_codec_find(text_of(stage_person_topics[record->topic])),
        .key = record->key,
        .value = record->value };
    enum status status =
        message_record_decode(&stage->config.context, turn->arena, &bytes, &input->message, turn->fault);
    if (status == STATUS_OK)
        status = fact_encode(turn->arena, &input->message.fact);
    if (status != STATUS_OK)
        return status;
    input->is_astray = stage_person_is_astray(record, input->message.person_id);
    *ret_key = stage_person_key(stage->config.key_secret, input->message.region, input->message.person_id);
    return STATUS_OK;
}

static enum status decode(struct stage *base, struct stage_turn *turn, const struct log_record *record,
    void **ret_input, struct store_key *ret_key)
{
    struct stage_person *stage = (struct stage_person *)base;
    struct person_input *input = ARENA_NEW(turn->arena, struct person_input);
    if (input == NULL)
        return STATUS_ARENA_FULL;
    enum status status = is_close_topic(record) ? decode_close(stage, turn, record, input, ret_key)
                                                : decode_message(stage, turn, record, input, ret_key);
    if (status == STATUS_OK)
        *ret_input = input;
    return status;
}

/* ---- What stands in the view ---- */

bool stage_person_is_person(const struct view_entry *entry)
{
    const struct person_value *value = entry->object;
    if (value != NULL)
        return value->kind == PERSON_VALUE_PERSON;
    return !text_is_empty(entry->bytes) && !frame_is(entry->bytes, FRAME_CALENDAR)
        && !frame_is(entry->bytes, FRAME_TOLD);
}

static enum status decode_value(struct arena *arena, struct text bytes, struct person_value *value)
{
    switch (value->kind) {
    case PERSON_VALUE_CALENDAR:
        return calendar_decode(arena, bytes, &value->calendar);
    case PERSON_VALUE_TOLD:
        return told_decode(arena, bytes, &value->told);
    case PERSON_VALUE_PERSON:
        break;
    }
    return person_decode(arena, bytes, &value->person);
}

enum status stage_person_open_value(
    const struct person_turn *turn, struct view_entry *entry, enum person_value_kind kind)
{
    turn->turn->about = entry;
    if (entry->object != NULL)
        return STATUS_OK;
    struct person_value *value = ARENA_NEW(turn->turn->arena, struct person_value);
    if (value == NULL)
        return STATUS_ARENA_FULL;
    value->kind = kind;
    enum status status = decode_value(turn->turn->arena, entry->bytes, value);
    if (status == STATUS_BAD_STATE)
        return frame_judge(entry->bytes, turn->turn->fault);
    if (status != STATUS_OK)
        return status;
    entry->object = value;
    return STATUS_OK;
}

enum status stage_person_open(const struct person_turn *turn, struct view_entry *entry, struct person **ret_person)
{
    enum status status = stage_person_open_value(turn, entry, PERSON_VALUE_PERSON);
    if (status == STATUS_OK)
        *ret_person = &((struct person_value *)entry->object)->person;
    return status;
}

enum status stage_person_region(const struct person_turn *turn, struct text region, const struct policy_pack *pack,
    struct person_region *ret_region)
{
    struct store_key key = stage_person_calendar_key(turn->stage->config.key_secret, region);
    struct view_entry *entry = NULL;
    enum status status = view_get(turn->turn->view, turn->record->partition, &key, &entry, turn->turn->fault);
    if (status == STATUS_OK)
        status = stage_person_open_value(turn, entry, PERSON_VALUE_CALENDAR);
    if (status != STATUS_OK)
        return status;
    *ret_region = (struct person_region){
        .region = region, .pack = pack, .entry = entry, .calendar = &((struct person_value *)entry->object)->calendar
    };
    return STATUS_OK;
}

/* ---- Emitting ---- */

struct emission {
    const struct person_turn *turn;
    struct producer_cause cause;
    struct producer_person person;
    instant recorded_at;
};

static struct emission emission_of(
    const struct person_turn *turn, const struct person *person, const struct policy_pack *pack, instant recorded_at)
{
    return (struct emission){ .turn = turn,
        .cause = { .topic = stage_person_topics[turn->record->topic],
            .record = turn->record,
            .recorded_at = recorded_at,
            .emitted_at = turn->turn->now },
        .person = { .region = person->region, .person_id = person->person_id, .pack = pack },
        .recorded_at = recorded_at };
}

/* A warning that awaits an answer is remembered, so that a close can ask for it. */
static enum status await_answer(const struct emission *emission, const struct producer_alert *alert)
{
    day on = instant_day(emission->recorded_at);
    const struct period_close cause = { .recorded_at = emission->recorded_at,
        .region = emission->person.region,
        .year = (int16_t)day_year(on),
        .month = (int8_t)day_parts(on).month,
        .closed_on = on };
    const struct period_told told = { .person_id = emission->person.person_id,
        .told = { .kind = alert->kind,
            .year = (int16_t)alert->year,
            .warning_id = alert->warning_id,
            .subject_id = alert->subject_id,
            .reply_due_on = alert->reply_due_on } };
    return stage_person_send_told(emission->turn, &cause, &told, 1);
}

static enum status emit_watch(const struct emission *emission, const struct watch_change *change)
{
    struct producer_alert alert = producer_alert_of(emission->person.pack, change, instant_day(emission->recorded_at));
    enum status status =
        producer_warning_emit(emission->turn->turn->outputs, &emission->cause, &emission->person, &alert);
    bool awaits_answer = alert.kind == WATCH_CROSSED && alert.reply_due_on.n != 0;
    return status == STATUS_OK && awaits_answer ? await_answer(emission, &alert) : status;
}

static enum status emit_difference(const struct emission *emission, const struct difference *difference)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < difference->settlement_count && status == STATUS_OK; i++)
        status = producer_settlement_emit(
            emission->turn->turn->outputs, &emission->cause, &emission->person, &difference->settlements[i]);
    for (size_t i = 0; i < difference->watch_count && status == STATUS_OK; i++)
        status = emit_watch(emission, &difference->watches[i]);
    return status;
}

enum status stage_person_report(
    const struct person_turn *turn, const struct message *message, const struct fact *fact, const struct fault *fault)
{
    struct log_record refused = *turn->record;
    if (fact != &message->fact) {
        struct message before = *message;
        before.fact = *fact;
        enum status status = message_codec_of(fact->kind)->encode(&before, turn->turn->arena, &refused.value);
        if (status != STATUS_OK)
            return status;
    }
    const struct rejection rejection = {
        .record = &refused, .topic = stage_person_topics[turn->record->topic], .at = turn->turn->now
    };
    return producer_rejection_emit(turn->turn->outputs, &rejection, fault);
}

/* One of two contents of one identity or version lost: its sender is told, nothing else changes (contract.md,
 * Conventions). */
static enum status report_loser(const struct person_turn *turn, const struct message *message, const struct fact *loser)
{
    struct fault fault;
    (void)fault_set(&fault, STATUS_CONFLICTING_DUPLICATE, "event_id", "%s",
        loser == &message->fact ? "another content holds" : "this content held before and lost to a newer one");
    return stage_person_report(turn, message, loser, &fault);
}

/* ---- Settling ---- */

/* The calendar as it counts for the person of this entry. */
static enum status policy_of(const struct person_turn *turn, const struct person_region *region,
    const struct view_entry *entry, struct person_policy *ret_policy)
{
    struct calendar_sight sight;
    struct text key = { (const char *)entry->key.bytes, sizeof entry->key.bytes };
    enum status status = calendar_seen_by(turn->stage->scratch, region->calendar, key, &sight);
    if (status == STATUS_OK)
        *ret_policy = (struct person_policy){ .pack = region->pack,
            .closed_years = sight.closed_years,
            .grants = sight.grants,
            .grant_count = sight.grant_count };
    return status;
}

static enum status emit_settled(const struct person_turn *turn, const struct person_settling *settling,
    const struct person *person, const struct difference *difference)
{
    struct emission emission = emission_of(turn, person, settling->region->pack, settling->recorded_at);
    emission.person.name = settling->ledger.person_name;
    enum status status = emit_difference(&emission, difference);
    return status == STATUS_OK ? stage_person_inherit(turn, &emission.person, difference, settling->recorded_at)
                               : status;
}

enum status stage_person_settle(const struct person_turn *turn, struct person_settling *settling)
{
    struct person *person = &((struct person_value *)settling->entry->object)->person;
    struct person_policy policy;
    struct text before = person->emitted;
    struct difference difference;
    turn->turn->about = settling->entry;
    enum status status = policy_of(turn, settling->region, settling->entry, &policy);
    if (status == STATUS_OK)
        status = person_settle(turn->stage->scratch, person, &policy, &settling->ledger, &difference);
    if (status == STATUS_BAD_STATE || status == STATUS_INVARIANT_BROKEN)
        return fault_set(turn->turn->fault, status, "ledger", "%s", status_sentence(status));
    if (status != STATUS_OK)
        return status;
    if (person->emitted.at == before.at)
        return STATUS_OK;
    settling->entry->changed = true;
    status = emit_settled(turn, settling, person, &difference);
    /* The ledger's bytes outlive the scratch. */
    person->emitted.at = arena_copy(turn->turn->arena, person->emitted.at, person->emitted.length);
    return person->emitted.at == NULL ? STATUS_ARENA_FULL : status;
}

/* ---- Applying ---- */

static enum status open_for(const struct person_turn *turn, const struct message *message,
    struct view_entry **ret_entry, struct person **ret_person)
{
    struct store_key key = stage_person_key(turn->stage->config.key_secret, message->region, message->person_id);
    struct person *person = NULL;
    enum status status = view_get(turn->turn->view, turn->record->partition, &key, ret_entry, turn->turn->fault);
    if (status == STATUS_OK)
        status = stage_person_open(turn, *ret_entry, &person);
    if (status != STATUS_OK)
        return status;
    if (text_is_empty(person->person_id)) {
        person->region = message->region;
        person->person_id = message->person_id;
    }
    *ret_person = person;
    return STATUS_OK;
}

static enum status add_fact(const struct person_turn *turn, const struct message *message, struct person *person,
    struct person_added *ret_added)
{
    bool is_case = message->fact.kind == FACT_CASE;
    struct case_files before = { 0 };
    enum status status = is_case ? stage_person_case_files(turn, person, &before) : STATUS_OK;
    if (status == STATUS_OK)
        status = person_add(turn->turn->arena, person, &message->fact, message_fact_bytes_cmp, ret_added);
    if (status == STATUS_TOO_MANY_FACTS)
        return fault_set(turn->turn->fault, status, "event_id", "%s", status_sentence(status));
    if (status == STATUS_OK && ret_added->loser != NULL)
        status = report_loser(turn, message, ret_added->loser);
    if (status == STATUS_OK && is_case && ret_added->changed)
        status = stage_person_report_misfits(turn, message, &before, person);
    return status;
}

static enum status apply_fact(
    const struct person_turn *turn, const struct message *message, const struct person_region *region)
{
    struct view_entry *entry = NULL;
    struct person *person = NULL;
    struct person_added added = { 0 };
    enum status status = open_for(turn, message, &entry, &person);
    if (status == STATUS_OK)
        status = add_fact(turn, message, person, &added);
    if (status != STATUS_OK || !added.changed)
        return status;
    entry->changed = true;
    struct person_settling settling = { .region = region, .entry = entry, .recorded_at = message->fact.recorded_at };
    return stage_person_settle(turn, &settling);
}

/* A copy of the person in the scratch, with the trial as the newest version of its encounter. */
static enum status with_trial(
    struct arena *scratch, const struct person *person, const struct message *message, struct person *ret_copy)
{
    struct person copy = *person;
    struct fact *fact = ARENA_NEW(scratch, struct fact);
    copy.capacity = copy.count + 1;
    copy.facts = ARENA_ARRAY(scratch, copy.capacity, const struct fact *);
    if (fact == NULL || copy.facts == NULL)
        return STATUS_ARENA_FULL;
    if (copy.count != 0)
        memcpy(copy.facts, person->facts, copy.count * sizeof *copy.facts);
    *fact = message->fact;
    fact->discharge.version = INT64_MAX;
    struct person_added added;
    enum status status = fact_encode(scratch, fact);
    if (status == STATUS_OK)
        status = person_add(scratch, &copy, fact, message_fact_bytes_cmp, &added);
    if (status == STATUS_OK)
        *ret_copy = copy;
    return status;
}

/* Settles as if it were real, in a copy that is forgotten (contract.md, `trial`). */
static enum status apply_trial(
    const struct person_turn *turn, const struct message *message, const struct person_region *region)
{
    struct view_entry *entry = NULL;
    struct person *person = NULL, copy;
    struct ledger ledger = { 0 };
    struct difference difference;
    struct person_policy policy;
    enum status status = open_for(turn, message, &entry, &person);
    if (status == STATUS_OK)
        status = policy_of(turn, region, entry, &policy);
    if (status == STATUS_OK)
        status = with_trial(turn->stage->scratch, person, message, &copy);
    if (status == STATUS_OK)
        status = person_settle(turn->stage->scratch, &copy, &policy, &ledger, &difference);
    if (status != STATUS_OK)
        return status;
    struct emission emission = emission_of(turn, person, region->pack, message->fact.recorded_at);
    emission.person.name = ledger.person_name;
    for (size_t i = 0; i < ledger.subject_count; i++)
        if (ledger.subjects[i].subject == SUBJECT_ENCOUNTER
            && text_equal(ledger.subjects[i].id, message->fact.discharge.encounter_id))
            return producer_trial_emit(turn->turn->outputs, &emission.cause, &emission.person, &ledger.subjects[i]);
    return STATUS_OK;
}

static enum status apply_message(const struct person_turn *turn, const struct person_input *input)
{
    const struct message *message = &input->message;
    struct person_region region;
    if (input->is_astray)
        return stage_person_send_home(turn, message);
    enum status status = stage_person_region(turn, message->region, message->pack, &region);
    if (status != STATUS_OK)
        return status;
    return message->trial ? apply_trial(turn, message, &region) : apply_fact(turn, message, &region);
}

static enum status apply(struct stage *base, struct stage_turn *turn, const struct log_record *record, void *input)
{
    struct stage_person *stage = (struct stage_person *)base;
    const struct person_input *decoded = input;
    const struct person_turn person_turn = { .stage = stage, .turn = turn, .record = record };
    enum status status =
        decoded->is_close ? stage_person_close(&person_turn, &decoded->close) : apply_message(&person_turn, decoded);
    arena_reset(stage->scratch);
    return status;
}

static enum status reject(struct stage *base, struct stage_turn *turn, const struct log_record *record)
{
    (void)base;
    const struct rejection rejection = {
        .record = record, .topic = stage_person_topics[record->topic], .at = turn->now
    };
    return producer_rejection_emit(turn->outputs, &rejection, turn->fault);
}

static enum status encode(
    struct stage *base, struct arena *arena, const struct view_entry *entry, struct text *ret_bytes)
{
    (void)base;
    const struct person_value *value = entry->object;
    switch (value->kind) {
    case PERSON_VALUE_CALENDAR:
        return calendar_encode(arena, &value->calendar, ret_bytes);
    case PERSON_VALUE_TOLD:
        return told_encode(arena, value->told, ret_bytes);
    case PERSON_VALUE_PERSON:
        break;
    }
    return person_encode(arena, &value->person, ret_bytes);
}

static void stage_free(struct stage *base)
{
    struct stage_person *stage = (struct stage_person *)base;
    if (stage == NULL)
        return;
    arena_free(stage->scratch);
    free(stage);
}

struct stage *stage_person_new(const struct stage_person_config *config)
{
    static const struct stage_ops ops = { .name = "person",
        .topics = stage_person_topics,
        .sends_home = true,
        .decode = decode,
        .apply = apply,
        .reject = reject,
        .encode = encode,
        .evidence = stage_person_evidence,
        .free = stage_free };
    struct stage_person *stage = calloc(1, sizeof *stage);
    if (stage == NULL)
        return NULL;
    stage->stage.ops = &ops;
    stage->config = *config;
    if (stage->config.visit_most == 0)
        stage->config.visit_most = VISIT_MOST;
    stage->scratch = arena_new(SCRATCH_BYTES);
    if (stage->scratch == NULL) {
        free(stage);
        return NULL;
    }
    return &stage->stage;
}
