#include "cli/verify_persons.h"

#include "cli/line.h"
#include "consumers/home.h"
#include "state/frame.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/** Values read in one go: each a few thousand bytes, rarely a megabyte. */
#define KEYS_AT_ONCE 500
#define SCRATCH_BYTES ((size_t)1 << 30)
#define PATIENCE_MS 30000
#define ROUND_MS 300
#define ROUNDS_MOST 12
/** Redis that stands where it stood so many times is not about to come. */
#define ROUNDS_OF_LAG 4

/* Somebody who differs, perhaps only for the moment. */
struct candidate {
    uint32_t person;
    int32_t partition;
    struct store_key value, offsets; /* hashes of what was stored */
    int still;                       /* rounds in which the offsets stood still */
};

struct run {
    const struct verify_request *request;
    struct verify_book *book;
    struct verify_total *total;
    struct arena *scratch;
    struct candidate *candidates;
    size_t count, capacity;
};

/* ---- The topic ---- */

static void take_record(void *book, const rd_kafka_message_t *record)
{
    ProtobufCMessage *message;
    struct fault fault;
    struct text value = { record->payload, record->len };
    if (record->payload == NULL || line_unpack(topic_find(TEXT("settlement")), value, &message, &fault) != STATUS_OK)
        return;
    verify_book_take(book, (const Settled__V1__Settlement *)message);
    protobuf_c_message_free_unpacked(message, NULL);
}

static bool read_topic(const struct run *run)
{
    return kafka_reader_ask_ends(run->request->topic)
        && kafka_reader_drain(run->request->topic, PATIENCE_MS, take_record, run->book);
}

/* ---- One person ---- */

static bool complain(const struct run *run, enum status status, const struct fault *fault)
{
    command_complain(
        run->request->command, "Redis: %s", fault->text[0] == '\0' ? status_sentence(status) : fault->text);
    return false;
}

static struct store_key hash_of(struct text bytes)
{
    return key_of_texts(&bytes, 1);
}

static void add_candidate(
    struct run *run, uint32_t person, int32_t partition, const struct store_read *read, struct text value)
{
    if (run->count == run->capacity) {
        run->capacity = run->capacity == 0 ? 64 : 2 * run->capacity;
        run->candidates = realloc(run->candidates, run->capacity * sizeof *run->candidates);
        CHECK(run->candidates != NULL);
    }
    run->candidates[run->count++] =
        (struct candidate){ person, partition, hash_of(value), hash_of(read->ret_offsets), 0 };
}

/* Compares with what the book says by now; `ret_person` is entered when unknown. */
static enum status compare(struct run *run, const struct store_key *key, struct text value, uint32_t *ret_person,
    struct verify_differences *ret_differences)
{
    struct person person = { .region = TEXT_EMPTY, .person_id = TEXT_EMPTY, .emitted = TEXT_EMPTY };
    enum verify_value kind = text_is_empty(value) ? VERIFY_VALUE_GONE : VERIFY_VALUE_THERE;
    enum status status = STATUS_OK;
    *ret_differences = (struct verify_differences){ .arena = run->scratch };
    if (kind == VERIFY_VALUE_THERE)
        status = person_decode(run->scratch, value, &person);
    if (status == STATUS_ARENA_FULL)
        return status;
    if (status != STATUS_OK)
        kind = VERIFY_VALUE_DAMAGED;
    *ret_person = verify_book_person(run->book, key, person.region, person.person_id);
    return verify_compare(run->book, *ret_person, kind, person.emitted, ret_differences);
}

static void count_compared(struct run *run, const struct verify_differences *differences)
{
    run->total->persons++;
    run->total->subjects += differences->compared;
    run->total->topic = money_add(run->total->topic, differences->topic);
    run->total->ledger = money_add(run->total->ledger, differences->ledger);
}

/* ---- The first round: everybody ---- */

static enum status visit(struct run *run, const struct store_read *read, const struct store_key *key, struct text value)
{
    uint32_t person;
    struct verify_differences differences;
    bool is_known = key_index_find(&run->book->person_index, key) != 0;
    if (!text_is_empty(value) && !frame_is(value, FRAME_PERSON) && !is_known)
        return STATUS_OK; /* of a region, or of the processor's own */
    enum status status = compare(run, key, value, &person, &differences);
    if (status == STATUS_OK && differences.count > 0)
        add_candidate(run, person, read->partition, read, value);
    else if (status == STATUS_OK)
        count_compared(run, &differences);
    return status;
}

static bool visit_some(struct run *run, int32_t partition, const struct store_key *keys, size_t count)
{
    struct fault fault = { .status = STATUS_OK };
    struct text values[KEYS_AT_ONCE];
    struct store_read read = { .partition = partition, .keys = keys, .count = count, .ret_values = values };
    enum status status = run->request->store->ops->read(run->request->store, run->scratch, &read, 1, &fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = visit(run, &read, &keys[i], values[i]);
    arena_reset(run->scratch);
    return status == STATUS_OK || complain(run, status, &fault);
}

static bool visit_partition(struct run *run, int32_t partition)
{
    struct store_key keys[KEYS_AT_ONCE], after;
    size_t count = KEYS_AT_ONCE;
    for (bool is_first = true; count == KEYS_AT_ONCE; is_first = false) {
        struct fault fault = { .status = STATUS_OK };
        enum status status = run->request->store->ops->scan(
            run->request->store, partition, is_first ? NULL : &after, KEYS_AT_ONCE, keys, &count, &fault);
        if (status != STATUS_OK)
            return complain(run, status, &fault);
        if (count > 0 && !visit_some(run, partition, keys, count))
            return false;
        if (count > 0)
            after = keys[count - 1];
    }
    return true;
}

/* Whom the topic knows and no partition has. */
static void add_missing(struct run *run)
{
    const struct store_read nothing = { .ret_offsets = TEXT_EMPTY };
    for (uint32_t i = 1; i < run->book->person_count; i++) {
        const struct verify_person *person = &run->book->persons[i];
        if (!person->is_seen)
            add_candidate(
                run, i, home_partition(text_of(person->person_id), run->request->offsets->homes), &nothing, TEXT_EMPTY);
    }
}

static bool visit_everybody(struct run *run)
{
    for (int32_t i = 0; i < run->request->offsets->partitions; i++)
        if (!visit_partition(run, i))
            return false;
    add_missing(run);
    return true;
}

/* ---- The next rounds: who differed ---- */

static void confirm(struct run *run, uint32_t person, struct verify_differences *differences, bool lags)
{
    for (size_t i = 0; i < differences->count; i++) {
        struct verify_difference *difference = &differences->items[i];
        bool is_of_topic = difference->cause == VERIFY_CAUSE_EMITTED_TWICE || difference->cause == VERIFY_CAUSE_UNSOUND
            || difference->cause == VERIFY_CAUSE_DAMAGED;
        if (lags && !is_of_topic)
            difference->cause = VERIFY_CAUSE_LAGS;
        verify_report_difference(&run->book->persons[person], difference, run->request->stream);
    }
    run->total->differences += differences->count;
    count_compared(run, differences);
}

/* Whether this one is done with. */
static bool judge(
    struct run *run, struct candidate *candidate, const struct store_read *read, struct verify_differences *differences)
{
    struct store_key value = hash_of(read->ret_values[0]), offsets = hash_of(read->ret_offsets);
    bool is_same_value = memcmp(&value, &candidate->value, sizeof value) == 0;
    bool stands_still = memcmp(&offsets, &candidate->offsets, sizeof offsets) == 0;
    bool lags = verify_offsets_lag(run->request->offsets, candidate->partition, read->ret_offsets);
    candidate->still = stands_still ? candidate->still + 1 : 0;
    candidate->value = value;
    candidate->offsets = offsets;
    if (differences->count == 0) {
        count_compared(run, differences);
        run->total->settled_meanwhile++;
        return true;
    }
    if (!is_same_value || (lags && candidate->still < ROUNDS_OF_LAG))
        return false;
    confirm(run, candidate->person, differences, lags);
    return true;
}

static enum status look_again(struct run *run, struct candidate *candidate, bool *ret_done, struct fault *fault)
{
    struct text value;
    uint32_t person;
    struct verify_differences differences;
    struct store_key key = run->book->persons[candidate->person].key;
    struct store_read read = { .partition = candidate->partition, .keys = &key, .count = 1, .ret_values = &value };
    enum status status = run->request->store->ops->read(run->request->store, run->scratch, &read, 1, fault);
    if (status == STATUS_OK)
        status = compare(run, &key, value, &person, &differences);
    if (status == STATUS_OK)
        *ret_done = judge(run, candidate, &read, &differences);
    arena_reset(run->scratch);
    return status;
}

static bool look_again_at_all(struct run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->count; i++) {
        bool done = false;
        struct fault fault = { .status = STATUS_OK };
        enum status status = look_again(run, &run->candidates[i], &done, &fault);
        if (status != STATUS_OK)
            return complain(run, status, &fault);
        if (!done)
            run->candidates[kept++] = run->candidates[i];
    }
    run->count = kept;
    return true;
}

static bool settle_candidates(struct run *run)
{
    const struct timespec pause = { 0, ROUND_MS * 1000000L };
    for (int round = 0; round < ROUNDS_MOST && run->count > 0; round++) {
        nanosleep(&pause, NULL);
        if (!read_topic(run) || !verify_offsets_ask(run->request->offsets) || !look_again_at_all(run))
            return false;
    }
    run->total->skipped = run->count;
    return true;
}

bool verify_persons(const struct verify_request *request, struct verify_book *book, struct verify_total *ret_total)
{
    struct run run = { .request = request, .book = book, .total = ret_total, .scratch = arena_new(SCRATCH_BYTES) };
    CHECK(run.scratch != NULL);
    bool good = read_topic(&run) && visit_everybody(&run) && settle_candidates(&run);
    ret_total->settlements = book->settlements;
    arena_free(run.scratch);
    free(run.candidates);
    return good;
}
