#include "cli/person.h"

#include "cli/line.h"
#include "consumers/message.h"
#include "consumers/stage_person.h"
#include "producers/settlement.h"
#include "state/calendar.h"
#include "state/frame.h"
#include "state/holding.h"
#include "state/person.h"

/** A person lies in the partition of the id. Redis does not say how many there are, so all that there can be are asked,
 *  some at a time. */
#define PARTITIONS_AT_ONCE 64
#define PARTITIONS_MAX 1024

struct found {
    int32_t partition;
    struct text person;
    struct text calendar;
};

struct view {
    const struct person_query *query;
    struct arena *arena;
    struct found found;
    struct person person;
    struct calendar calendar;
    struct fault *fault;
};

/* ---- Finding ---- */

static enum status find_among(struct view *view, int32_t first)
{
    const struct person_query *query = view->query;
    struct store_key keys[] = { stage_person_key(query->secret, query->region, query->person_id),
        stage_person_calendar_key(query->secret, query->region) };
    struct store_read reads[PARTITIONS_AT_ONCE];
    struct text values[PARTITIONS_AT_ONCE][2];
    for (int32_t i = 0; i < PARTITIONS_AT_ONCE; i++)
        reads[i] = (struct store_read){ .partition = first + i, .keys = keys, .count = 2, .ret_values = values[i] };
    enum status status = query->store->ops->read(query->store, view->arena, reads, PARTITIONS_AT_ONCE, view->fault);
    if (status != STATUS_OK)
        return status;
    for (int32_t i = 0; i < PARTITIONS_AT_ONCE; i++)
        if (!text_is_empty(values[i][0])) {
            view->found = (struct found){ first + i, values[i][0], values[i][1] };
            return STATUS_OK;
        }
    return STATUS_AGAIN;
}

static enum status find(struct view *view)
{
    enum status status = STATUS_AGAIN;
    for (int32_t first = 0; first < PARTITIONS_MAX && status == STATUS_AGAIN; first += PARTITIONS_AT_ONCE)
        status = find_among(view, first);
    return status;
}

static enum status decode(struct view *view)
{
    enum status status = person_decode(view->arena, view->found.person, &view->person);
    if (status == STATUS_OK)
        status = calendar_decode(view->arena, view->found.calendar, &view->calendar);
    if (status != STATUS_BAD_STATE)
        return status;
    bool is_person = person_decode(view->arena, view->found.person, &view->person) != STATUS_OK;
    return frame_judge(is_person ? view->found.person : view->found.calendar, view->fault);
}

/* ---- Facts ---- */

static enum status add_fact(const struct view *view, const struct fact *fact, json_t *facts)
{
    const struct message_codec *codec = message_codec_of(fact->kind);
    const struct message message = {
        .region = view->person.region, .person_id = view->person.person_id, .pack = view->query->pack, .fact = *fact
    };
    struct text bytes;
    json_t *value;
    enum status status = codec->encode(&message, view->arena, &bytes);
    if (status == STATUS_OK)
        status = line_value(topic_find(text_of(codec->topic)), bytes, &value, view->fault);
    if (status != STATUS_OK)
        return status;
    json_array_append_new(facts, json_pack("{s:s, s:o}", "topic", codec->topic, "value", value));
    return STATUS_OK;
}

static enum status add_facts(const struct view *view, json_t *json)
{
    json_t *facts = json_array();
    enum status status = STATUS_OK;
    json_object_set_new(json, "facts", facts);
    for (size_t i = 0; i < view->person.count && status == STATUS_OK; i++)
        status = add_fact(view, view->person.facts[i], facts);
    return status;
}

/* ---- Categories ---- */

static json_t *terms_json(enum term list, term_set set)
{
    json_t *names = json_array();
    for (int value = 1; value <= term_last(list); value++)
        if (term_holds(set, value))
            json_array_append_new(names, json_string(term_name(list, value)));
    return names;
}

static enum status add_categories(const struct view *view, json_t *json)
{
    struct holdings holdings;
    size_t first = 0, count = 0;
    const struct person *person = &view->person;
    while (first < person->count && person->facts[first]->kind != FACT_IDENTITY)
        first++;
    while (first + count < person->count && person->facts[first + count]->kind == FACT_IDENTITY)
        count++;
    enum status status = holdings_of(view->arena, person->facts + first, count, &holdings);
    if (status == STATUS_OK)
        json_object_set_new(
            json, "categoriesToday", terms_json(TERM_CATEGORY, holdings_on(&holdings, view->query->today)));
    return status;
}

/* ---- The ledger ---- */

/* A settlement as if it were emitted now, less what only an emitted one has. */
static enum status add_subject(const struct view *view, const struct ledger_subject *subject, json_t *subjects)
{
    static const char *const of_emission[] = { "settlementId", "kind", "trigger", "emittedAt", "region", "personId" };
    const struct log_record record = { .offset = 0 };
    const struct producer_cause cause = { .topic = "", .record = &record };
    const struct producer_person person = {
        .region = view->person.region, .person_id = view->person.person_id, .pack = view->query->pack
    };
    struct outputs outputs = { .arena = view->arena };
    json_t *value;
    enum status status = producer_trial_emit(&outputs, &cause, &person, subject);
    if (status == STATUS_OK)
        status = line_value(topic_find(text_of(outputs.items[0].topic)), outputs.items[0].value, &value, view->fault);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < COUNT_OF(of_emission); i++)
        json_object_del(value, of_emission[i]);
    json_array_append_new(subjects, value);
    return STATUS_OK;
}

static void add_watches(const struct ledger *ledger, json_t *json)
{
    json_t *watches = json_array();
    for (size_t i = 0; i < ledger->watch_count; i++) {
        const struct ledger_watch *watch = &ledger->watches[i];
        json_array_append_new(watches,
            json_pack("{s:i, s:b, s:b, s:o, s:o}", "year", watch->year, "crossed", watch->crossed, "keyPerson",
                watch->key_person, "burdenFen", json_sprintf("%lld", (long long)watch->burden.fen), "thresholdFen",
                json_sprintf("%lld", (long long)watch->threshold.fen)));
    }
    json_object_set_new(json, "years", watches);
}

/* Folded again; what was emitted is another thing when a pack has changed since. */
static enum status add_ledger(const struct view *view, json_t *json)
{
    struct person again = view->person;
    struct ledger ledger;
    struct difference difference;
    struct store_key key = stage_person_key(view->query->secret, view->query->region, view->query->person_id);
    struct calendar_sight sight = { 0 };
    enum status status = calendar_seen_by(
        view->arena, &view->calendar, (struct text){ (const char *)key.bytes, sizeof key.bytes }, &sight);
    const struct person_policy policy = { .pack = view->query->pack,
        .closed_years = sight.closed_years,
        .grants = sight.grants,
        .grant_count = sight.grant_count };
    json_t *subjects = json_array();
    json_object_set_new(json, "subjects", subjects);
    if (status == STATUS_OK)
        status = person_settle(view->arena, &again, &policy, &ledger, &difference);
    for (size_t i = 0; status == STATUS_OK && i < ledger.subject_count; i++)
        status = add_subject(view, &ledger.subjects[i], subjects);
    if (status != STATUS_OK)
        return status;
    add_watches(&ledger, json);
    json_object_set_new(json, "storedLedgerIsCurrent", json_boolean(text_equal(again.emitted, view->person.emitted)));
    json_object_set_new(json, "settlementsToEmit", json_integer((json_int_t)difference.settlement_count));
    return STATUS_OK;
}

enum status person_show(const struct person_query *query, struct arena *arena, json_t **ret_json, struct fault *fault)
{
    struct view view = { .query = query, .arena = arena, .fault = fault };
    enum status status = find(&view);
    if (status == STATUS_OK)
        status = decode(&view);
    if (status != STATUS_OK)
        return status;
    json_t *json = json_object();
    json_object_set_new(json, "region", json_stringn(query->region.at, query->region.length));
    json_object_set_new(json, "personId", json_stringn(query->person_id.at, query->person_id.length));
    json_object_set_new(json, "partition", json_integer(view.found.partition));
    status = add_categories(&view, json);
    if (status == STATUS_OK)
        status = add_ledger(&view, json);
    if (status == STATUS_OK)
        status = add_facts(&view, json);
    if (status == STATUS_OK) {
        *ret_json = json;
        return STATUS_OK;
    }
    json_decref(json);
    return fault_set(fault, status, "state", "%s", status_sentence(status));
}
