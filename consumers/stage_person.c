#include "consumers/stage_person.h"

#include "producers/rejection.h"
#include "producers/settlement.h"
#include "producers/warning.h"
#include "state/fact_codec.h"
#include "state/person.h"

#include <sodium.h>
#include <stdlib.h>

/** What folding one record takes, given back after each: a person at the limit of facts needs about a tenth of it. */
#define SCRATCH_BYTES ((size_t)256 << 20)

struct stage_person {
    struct stage stage;
    struct stage_person_config config;
    struct arena *scratch;
};

const char *const stage_person_topics[] = { "admission", "discharge", "identity-change", "person-fact", "case-action", NULL };

/* Region and id run together unambiguously: a region has six digits. */
struct store_key stage_person_key(const uint8_t secret[16], struct text region, struct text person_id)
{
    uint8_t name[64];
    struct store_key key = { { 0 } };
    _Static_assert(sizeof key.bytes == crypto_shorthash_siphashx24_BYTES, "a key is one SipHash-2-4-128");
    CHECK(region.length + person_id.length <= sizeof name);
    memcpy(name, region.at, region.length);
    memcpy(name + region.length, person_id.at, person_id.length);
    crypto_shorthash_siphashx24(key.bytes, name, region.length + person_id.length, secret);
    return key;
}

static enum status decode(struct stage *base, struct stage_turn *turn, const struct log_record *record, void **ret_input,
    struct store_key *ret_key)
{
    struct stage_person *stage = (struct stage_person *)base;
    struct message *message = ARENA_NEW(turn->arena, struct message);
    if (message == NULL)
        return STATUS_ARENA_FULL;
    const struct message_record bytes = { .codec = message_codec_find(text_of(stage_person_topics[record->topic])),
        .key = record->key,
        .value = record->value };
    enum status status = message_record_decode(&stage->config.context, turn->arena, &bytes, message, turn->fault);
    if (status == STATUS_OK)
        status = fact_encode(turn->arena, &message->fact);
    if (status != STATUS_OK)
        return status;
    *ret_input = message;
    *ret_key = stage_person_key(stage->config.key_secret, message->region, message->person_id);
    return STATUS_OK;
}

/* The person's state, read from the store's bytes once a batch. */
static enum status open_person(struct stage_turn *turn, struct view_entry *entry, const struct message *message,
    struct person **ret_person)
{
    if (entry->object == NULL) {
        struct person *person = ARENA_NEW(turn->arena, struct person);
        if (person == NULL)
            return STATUS_ARENA_FULL;
        enum status status = person_decode(turn->arena, entry->bytes, person);
        if (status != STATUS_OK)
            return fault_set(turn->fault, status, "state", "a person's stored value is damaged or of a newer format");
        if (text_is_empty(person->person_id)) {
            person->region = message->region;
            person->person_id = message->person_id;
        }
        entry->object = person;
    }
    *ret_person = entry->object;
    return STATUS_OK;
}

/* ---- Emitting ---- */

struct emission {
    struct stage_turn *turn;
    struct producer_cause cause;
    struct producer_person person;
    day on;
};

static enum status emit_difference(const struct emission *emission, const struct difference *difference)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < difference->settlement_count && status == STATUS_OK; i++)
        status = producer_settlement_emit(
            emission->turn->outputs, &emission->cause, &emission->person, &difference->settlements[i]);
    for (size_t i = 0; i < difference->watch_count && status == STATUS_OK; i++) {
        const struct producer_alert alert = { .change = &difference->watches[i], .on = emission->on };
        status = producer_warning_emit(emission->turn->outputs, &emission->cause, &emission->person, &alert);
    }
    return status;
}

static struct emission emission_of(struct stage_turn *turn, const struct log_record *record, const struct message *message)
{
    return (struct emission){ .turn = turn,
        .cause = { .topic = stage_person_topics[record->topic], .record = record, .emitted_at = turn->now },
        .person = { .region = message->region, .person_id = message->person_id, .pack = message->pack },
        .on = instant_day(message->fact.recorded_at) };
}

/* One of two contents of one identity or version lost: its sender is told, nothing else changes (contract.md, Conventions). */
static enum status report_loser(struct stage_turn *turn, const struct log_record *record, const struct message *message,
    const struct fact *loser)
{
    struct log_record lost = *record;
    if (loser != &message->fact) {
        struct message before = *message;
        before.fact = *loser;
        enum status status = message_codec_of(loser->kind)->encode(&before, turn->arena, &lost.value);
        if (status != STATUS_OK)
            return status;
    }
    const struct rejection rejection = { .record = &lost, .topic = stage_person_topics[record->topic], .at = turn->now };
    struct fault fault;
    (void)fault_set(&fault, STATUS_CONFLICTING_DUPLICATE, "event_id", "%s",
        loser == &message->fact ? "another content holds" : "this content held before and lost to a newer one");
    return producer_rejection_emit(turn->outputs, &rejection, &fault);
}

/* ---- Applying ---- */

static enum status settle(struct stage_person *stage, struct stage_turn *turn, const struct log_record *record,
    const struct message *message, struct person *person)
{
    const struct person_policy policy = { .pack = message->pack };
    struct ledger ledger;
    struct difference difference;
    struct emission emission = emission_of(turn, record, message);
    enum status status = person_settle(stage->scratch, person, &policy, &ledger, &difference);
    if (status != STATUS_OK)
        return status;
    emission.person.name = ledger.person_name;
    status = emit_difference(&emission, &difference);
    /* The ledger's bytes outlive the scratch. */
    char *emitted = arena_copy(turn->arena, person->emitted.at, person->emitted.length);
    if (emitted == NULL)
        return STATUS_ARENA_FULL;
    person->emitted.at = emitted;
    return status;
}

static enum status apply_fact(struct stage_person *stage, struct stage_turn *turn, const struct log_record *record,
    const struct message *message, struct view_entry *entry)
{
    struct person *person = NULL;
    struct person_added added;
    enum status status = open_person(turn, entry, message, &person);
    if (status == STATUS_OK)
        status = person_add(turn->arena, person, &message->fact, message_fact_bytes_cmp, &added);
    if (status != STATUS_OK)
        return status == STATUS_TOO_MANY_FACTS ? fault_set(turn->fault, status, "event_id", "%s", status_sentence(status))
                                               : status;
    if (added.loser != NULL)
        status = report_loser(turn, record, message, added.loser);
    if (status != STATUS_OK || !added.changed)
        return status;
    entry->changed = true;
    return settle(stage, turn, record, message, person);
}

/* Settles as if it were real, in a copy that is forgotten: the trial's version is above every other (contract.md, `trial`). */
static enum status apply_trial(struct stage_person *stage, struct stage_turn *turn, const struct log_record *record,
    const struct message *message, struct view_entry *entry)
{
    struct person *person = NULL;
    enum status status = open_person(turn, entry, message, &person);
    if (status != STATUS_OK)
        return status;
    struct person copy = *person;
    copy.capacity = copy.count;
    struct fact *fact = ARENA_NEW(stage->scratch, struct fact);
    const struct fact **facts = ARENA_ARRAY(stage->scratch, copy.count + 1, const struct fact *);
    if (fact == NULL || facts == NULL)
        return STATUS_ARENA_FULL;
    if (copy.count != 0)
        memcpy(facts, person->facts, copy.count * sizeof *facts);
    copy.facts = facts;
    *fact = message->fact;
    fact->discharge.version = INT64_MAX;
    status = fact_encode(stage->scratch, fact);
    struct person_added added;
    if (status == STATUS_OK)
        status = person_add(stage->scratch, &copy, fact, message_fact_bytes_cmp, &added);
    struct ledger ledger;
    struct difference difference;
    const struct person_policy policy = { .pack = message->pack };
    if (status == STATUS_OK)
        status = person_settle(stage->scratch, &copy, &policy, &ledger, &difference);
    if (status != STATUS_OK)
        return status;
    struct emission emission = emission_of(turn, record, message);
    for (size_t i = 0; i < ledger.subject_count; i++)
        if (ledger.subjects[i].subject == SUBJECT_ENCOUNTER
            && text_equal(ledger.subjects[i].id, fact->discharge.encounter_id))
            return producer_trial_emit(turn->outputs, &emission.cause, &emission.person, &ledger.subjects[i]);
    return STATUS_OK;
}

static enum status apply(struct stage *base, struct stage_turn *turn, const struct log_record *record, void *input)
{
    struct stage_person *stage = (struct stage_person *)base;
    const struct message *message = input;
    struct store_key key = stage_person_key(stage->config.key_secret, message->region, message->person_id);
    struct view_entry *entry;
    enum status status = view_get(turn->view, record->partition, &key, &entry, turn->fault);
    if (status == STATUS_OK)
        status = message->trial ? apply_trial(stage, turn, record, message, entry)
                                : apply_fact(stage, turn, record, message, entry);
    arena_reset(stage->scratch);
    return status;
}

static enum status reject(struct stage *base, struct stage_turn *turn, const struct log_record *record)
{
    (void)base;
    const struct rejection rejection = { .record = record, .topic = stage_person_topics[record->topic], .at = turn->now };
    return producer_rejection_emit(turn->outputs, &rejection, turn->fault);
}

static enum status encode(struct stage *base, struct arena *arena, const struct view_entry *entry, struct text *ret_bytes)
{
    (void)base;
    return person_encode(arena, entry->object, ret_bytes);
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
        .decode = decode,
        .apply = apply,
        .reject = reject,
        .encode = encode,
        .free = stage_free };
    struct stage_person *stage = calloc(1, sizeof *stage);
    if (stage == NULL)
        return NULL;
    stage->stage.ops = &ops;
    stage->config = *config;
    stage->scratch = arena_new(SCRATCH_BYTES);
    if (stage->scratch == NULL) {
        free(stage);
        return NULL;
    }
    return &stage->stage;
}
