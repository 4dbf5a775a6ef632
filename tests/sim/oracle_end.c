/* When all is quiet: what is stored, byte for byte, and what was told, to the fen. */
#include "tests/sim/oracle.h"

#include "consumers/home.h"
#include "consumers/stage_person.h"
#include "state/frame.h"

static const uint8_t secret[16];

static struct text stored(struct oracle *oracle, const struct sim_place *place, int32_t partition, struct store_key key)
{
    struct text value;
    struct store_read read = { .partition = partition, .keys = &key, .count = 1, .ret_values = &value };
    enum status status = place->now->ops->read(place->now, oracle->scratch, &read, 1, NULL);
    CHECK(status == STATUS_OK);
    return value;
}

/* The facts of everybody, out of all that stands in the topics, wherever and however often it stands there. */
static struct oracle_folk *gather(struct oracle *oracle)
{
    struct oracle_folk *folk = oracle_folk_new(oracle);
    folk->takes_astray = true;
    for (int topic = 0; stage_person_topics[topic] != NULL; topic++)
        for (int32_t p = 0; p < oracle->broker->partition_count; p++) {
            const struct sim_tail *tail = &sim_broker_topic(oracle->broker, stage_person_topics[topic])->tails[p];
            const struct sim_entry *entry;
            for (int64_t at = sim_tail_next(tail, 0, &entry); entry != NULL; at = sim_tail_next(tail, at + 1, &entry)) {
                const struct log_record record = {
                    .topic = topic, .partition = p, .offset = at, .key = entry->record.key, .value = entry->record.value
                };
                oracle_take(oracle, folk, &record);
            }
        }
    return folk;
}

static void check_person(struct oracle *oracle, const struct oracle_folk *folk, const struct oracle_person *plain,
    const struct sim_place *place)
{
    struct person copy = plain->person;
    struct ledger ledger;
    struct text bytes = TEXT_EMPTY;
    int32_t partition = home_partition(copy.person_id, oracle->broker->partition_count);
    oracle_fold(oracle, folk, &copy, &ledger);
    if (copy.count != 0) {
        enum status status = person_encode(oracle->scratch, &copy, &bytes);
        CHECK(status == STATUS_OK);
    }
    struct store_key key = stage_person_key(secret, copy.region, copy.person_id);
    struct text value = stored(oracle, place, partition, key);
    if (!text_equal(value, bytes))
        sim_fail(oracle->sim, "the state of %.*s (%zu bytes) is not that of the plain fold of its facts (%zu bytes)",
            TEXT_FORMAT(copy.person_id), value.length, bytes.length);
    for (size_t i = 0; i < oracle->folk->count; i++)
        if (text_equal(oracle->folk->people[i].person.person_id, copy.person_id))
            book_check(&oracle->folk->people[i].book, &ledger);
    arena_reset(oracle->scratch);
}

/* ---- What heirs receive is what the accounts gave ---- */

static int64_t received(const struct oracle_folk *folk, struct text heir, struct text cause_id)
{
    int64_t fen = 0;
    for (size_t i = 0; i < folk->count; i++) {
        const struct person *person = &folk->people[i].person;
        for (size_t at = 0; at < person->count && text_equal(person->person_id, heir); at++)
            if (person->facts[at]->kind == FACT_CREDIT && text_equal(person->facts[at]->credit.cause_id, cause_id))
                fen += person->facts[at]->credit.amount.fen;
    }
    return fen;
}

/* What the ledgers of all give to one heir for one cause: two persons may have used the same name for it. */
static int64_t given(struct oracle *oracle, const struct oracle_folk *folk, struct text heir, struct text cause_id)
{
    int64_t fen = 0;
    for (size_t i = 0; i < folk->count; i++) {
        struct person copy = folk->people[i].person;
        struct ledger ledger;
        oracle_fold(oracle, folk, &copy, &ledger);
        for (size_t at = 0; at < ledger.subject_count; at++)
            if (text_equal(ledger.subjects[at].heir, heir) && text_equal(ledger.subjects[at].id, cause_id))
                fen += ledger.subjects[at].account.fen;
    }
    return fen;
}

static void check_credits(struct oracle *oracle, const struct oracle_folk *folk, const struct person *heir)
{
    for (size_t at = 0; at < heir->count; at++) {
        if (heir->facts[at]->kind != FACT_CREDIT)
            continue;
        struct text cause_id = heir->facts[at]->credit.cause_id;
        int64_t told = received(folk, heir->person_id, cause_id);
        int64_t owed = given(oracle, folk, heir->person_id, cause_id);
        if (told != owed)
            sim_fail(oracle->sim, "an heir received %lld fen of %lld", (long long)told, (long long)owed);
        arena_reset(oracle->scratch);
    }
}

/* An estate of which nothing arrived leaves no credit to begin from. */
static void check_estates(struct oracle *oracle, const struct oracle_folk *folk, const struct person *person)
{
    struct person copy = *person;
    struct ledger ledger;
    oracle_fold(oracle, folk, &copy, &ledger);
    for (size_t i = 0; i < ledger.subject_count; i++) {
        const struct ledger_subject *subject = &ledger.subjects[i];
        if (subject->heir.length == 0 || subject->account.fen == 0)
            continue;
        int64_t told = received(folk, subject->heir, subject->id);
        int64_t owed = given(oracle, folk, subject->heir, subject->id);
        if (told != owed)
            sim_fail(oracle->sim, "an heir received %lld fen of %lld", (long long)told, (long long)owed);
    }
    arena_reset(oracle->scratch);
}

/* ---- Nothing else is there ---- */

/* Each closed month has its list, with an end, where the region keeps one. */
static void check_lists(struct oracle *oracle, const struct calendar *calendar, int32_t p)
{
    size_t ended = 0, due = oracle->pack->watch == NULL ? 0 : calendar->month_count;
    for (size_t i = 0; i < oracle->list_count; i++)
        ended += oracle->lists[i].partition == p && oracle->lists[i].has_ended;
    if (ended != due)
        sim_fail(oracle->sim, "%zu lists of months have an end in partition %d, for %zu", ended, (int)p, due);
}

static void check_keys(struct oracle *oracle, const struct oracle_folk *folk, const struct sim_place *place, int32_t p)
{
    struct store_key keys[64];
    struct text bytes;
    size_t scanned = 0, count = 0, expected = 0;
    for (size_t i = 0; i < folk->count; i++)
        expected += folk->people[i].person.count != 0
            && home_partition(folk->people[i].person.person_id, oracle->broker->partition_count) == p;
    const struct calendar *calendar = &folk->calendars[p];
    enum status status = calendar_encode(oracle->scratch, calendar, &bytes);
    CHECK(status == STATUS_OK);
    bool has_calendar = calendar->closed_years != 0 || calendar->grant_count != 0 || calendar->month_count != 0;
    struct text value = stored(oracle, place, p, stage_person_calendar_key(secret, text_of(oracle->pack->region)));
    if (has_calendar != (value.length != 0) || (has_calendar && !text_equal(value, bytes)))
        sim_fail(oracle->sim, "the calendar of partition %d is another one", (int)p);
    status = place->now->ops->scan(place->now, p, NULL, COUNT_OF(keys), keys, &scanned, NULL);
    CHECK(status == STATUS_OK);
    for (size_t i = 0; i < scanned; i++)
        count += !frame_is(stored(oracle, place, p, keys[i]), FRAME_TOLD);
    if (count != expected + has_calendar)
        sim_fail(oracle->sim, "partition %d holds %zu values, for %zu", (int)p, count, expected + has_calendar);
    check_lists(oracle, calendar, p);
}

void oracle_end(struct oracle *oracle, const struct sim_place *place)
{
    const struct oracle_folk *folk = gather(oracle);
    for (size_t i = 0; i < folk->count; i++)
        check_person(oracle, folk, &folk->people[i], place);
    for (size_t i = 0; i < folk->count; i++) {
        check_credits(oracle, folk, &folk->people[i].person);
        check_estates(oracle, folk, &folk->people[i].person);
    }
    for (int32_t p = 0; p < oracle->broker->partition_count; p++)
        check_keys(oracle, folk, place, p);
    arena_reset(oracle->scratch);
}
