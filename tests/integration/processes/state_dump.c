/* state-dump HOST PORT PARTITIONS [DATABASE]
 *
 * Prints what Redis holds of every person as JSON lines, as far as money goes: for each subject the lines that were
 * emitted. SETTLED_STATE_SEAL_FILE names the keys of sealed values. Reads through the store and the decoders of the
 * processor itself, so that a value it cannot read is seen here too. */
#include "state/frame.h"
#include "state/person.h"
#include "state/store_redis.h"
#include "state/store_sealed.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define KEYS_AT_ONCE 500

static int fail(const char *what, const struct fault *fault)
{
    fprintf(stderr, "state-dump: %s: %s\n", what, fault->text);
    return 1;
}

static json_t *text_json(struct text text)
{
    return json_stringn(text.at, text.length);
}

static json_t *line_json(const struct emitted_line *line)
{
    return json_pack("{s:o, s:i, s:I}", "rule", text_json(line->rule), "fund", line->fund, "amountFen",
        (json_int_t)line->amount.fen);
}

static json_t *lines_json(const struct emitted_subject *subject)
{
    json_t *lines = json_array();
    for (size_t i = 0; i < subject->line_count; i++)
        json_array_append_new(lines, line_json(&subject->lines[i]));
    return lines;
}

static void print_subject(const struct person *person, const struct emitted_subject *subject)
{
    json_t *line = json_pack("{s:o, s:o, s:i, s:o, s:i, s:I, s:I, s:o}", "region", text_json(person->region),
        "personId", text_json(person->person_id), "subject", subject->subject, "subjectId", text_json(subject->id),
        "status", subject->outcome, "hospitalFen", (json_int_t)subject->hospital.fen, "accountFen",
        (json_int_t)subject->account.fen, "lines", lines_json(subject));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static int print_person(struct arena *arena, struct text value)
{
    const struct fault fault = { .text = "a stored value cannot be read" };
    struct person person;
    struct emitted emitted;
    enum status status = person_decode(arena, value, &person);
    if (status == STATUS_OK)
        status = ledger_decode(arena, person.emitted, &emitted);
    for (size_t i = 0; status == STATUS_OK && i < emitted.subject_count; i++) {
        status = ledger_lines_decode(arena, &emitted.subjects[i]);
        if (status == STATUS_OK)
            print_subject(&person, &emitted.subjects[i]);
    }
    return status == STATUS_OK ? 0 : fail("state", &fault);
}

static int print_some(
    struct store *store, struct arena *arena, int32_t partition, const struct store_key *keys, size_t count)
{
    struct text values[KEYS_AT_ONCE];
    struct fault fault;
    struct store_read read = { .partition = partition, .keys = keys, .count = count, .ret_values = values };
    if (store->ops->read(store, arena, &read, 1, &fault) != STATUS_OK)
        return fail("read", &fault);
    int failed = 0;
    for (size_t i = 0; i < count && failed == 0; i++)
        if (!text_is_empty(values[i]) && !frame_is(values[i], FRAME_CALENDAR) && !frame_is(values[i], FRAME_TOLD))
            failed = print_person(arena, values[i]);
    return failed;
}

static int print_partition(struct store *store, struct arena *arena, int32_t partition)
{
    struct store_key keys[KEYS_AT_ONCE], after;
    struct fault fault;
    size_t count = KEYS_AT_ONCE;
    for (bool is_first = true; count == KEYS_AT_ONCE; is_first = false) {
        const struct store_key *from = is_first ? NULL : &after;
        if (store->ops->scan(store, partition, from, KEYS_AT_ONCE, keys, &count, &fault) != STATUS_OK)
            return fail("scan", &fault);
        if (print_some(store, arena, partition, keys, count) != 0)
            return 1;
        arena_reset(arena);
        if (count != 0)
            after = keys[count - 1];
    }
    return 0;
}

/* The store as it is, or behind the keys of a file. */
static struct store *unsealed(struct store *store)
{
    char bytes[4096];
    struct seal_keys keys;
    struct fault fault;
    const char *path = getenv("SETTLED_STATE_SEAL_FILE");
    FILE *file = path == NULL ? NULL : fopen(path, "rb");
    if (file == NULL)
        return store;
    struct text text = { bytes, fread(bytes, 1, sizeof bytes, file) };
    fclose(file);
    if (seal_keys_read(text, &keys, &fault) == STATUS_OK)
        return store_sealed_new(store, &keys, (size_t)1 << 20);
    fail(path, &fault);
    return store;
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5)
        return fail("usage", &(struct fault){ .text = "state-dump HOST PORT PARTITIONS [DATABASE]" });
    const struct store_redis_config config = {
        .addresses = { { argv[1], atoi(argv[2]) } },
        .address_count = 1,
        .database = argc == 5 ? atoi(argv[4]) : 0,
        .stage = "person",
    };
    struct store *store = unsealed(store_redis_new(&config));
    struct arena *arena = arena_new((size_t)256 << 20);
    int failed = store == NULL || arena == NULL;
    for (int partition = 0; partition < atoi(argv[3]) && failed == 0; partition++)
        failed = print_partition(store, arena, partition);
    arena_free(arena);
    if (store != NULL)
        store->ops->free(store);
    return failed;
}
