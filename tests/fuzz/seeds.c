/* fuzz_seeds FOLDER PACKS FILE...: the lines of the files, run as settledctl replay runs them, become seeds of the fuzz
 * targets: each line, its JSON and its bytes, what comes of it, and at the end whatever the stores hold. */
#include "cli/command.h"
#include "cli/input.h"
#include "cli/line.h"
#include "cli/replay.h"
#include "consumers/logline.h"
#include "policy/pack_load.h"
#include "state/frame.h"
#include "state/store.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/** Of each target: more would make every short run longer, and say the same. */
#define SEEDS_MAX 80
#define FOLDERS_MAX 64
#define KEYS_MAX 256
#define STAGES_MAX 8

struct seeds {
    const char *folder;
    struct arena *arena; /* of one line */
    struct {
        char name[32];
        int count;
    } folders[FOLDERS_MAX];
    size_t folder_count;
    struct store *stores[STAGES_MAX]; /* lent by the replay */
    size_t store_count;
};

/* ---- Writing ---- */

static int *count_of(struct seeds *seeds, const char *name)
{
    for (size_t i = 0; i < seeds->folder_count; i++)
        if (strcmp(seeds->folders[i].name, name) == 0)
            return &seeds->folders[i].count;
    CHECK(seeds->folder_count < FOLDERS_MAX);
    snprintf(seeds->folders[seeds->folder_count].name, sizeof seeds->folders[0].name, "%s", name);
    return &seeds->folders[seeds->folder_count++].count;
}

static void write_seed(struct seeds *seeds, const char *target, struct text bytes)
{
    char path[512];
    int *count = count_of(seeds, target);
    if (*count == SEEDS_MAX || text_is_empty(bytes))
        return;
    snprintf(path, sizeof path, "%s/%s", seeds->folder, target);
    CHECK(mkdir(path, 0777) == 0 || errno == EEXIST);
    snprintf(path, sizeof path, "%s/%s/%d", seeds->folder, target, (*count)++);
    FILE *file = fopen(path, "we");
    CHECK(file != NULL && fwrite(bytes.at, 1, bytes.length, file) == bytes.length && fclose(file) == 0);
}

static void write_with_letter(struct seeds *seeds, const char *target, const struct topic *topic, struct text bytes)
{
    char *whole = arena_take(seeds->arena, bytes.length + 1);
    CHECK(whole != NULL);
    whole[0] = (char)('a' + (topic - topics));
    memcpy(whole + 1, bytes.at, bytes.length);
    write_seed(seeds, target, (struct text){ whole, bytes.length + 1 });
}

/* A record's bytes; and bytes and JSON behind the letter that says which message it is. */
static void write_record(struct seeds *seeds, const struct topic *topic, struct text value)
{
    json_t *json;
    struct fault fault;
    write_seed(seeds, topic->name, value);
    write_with_letter(seeds, "wire", topic, value);
    if (line_value(topic, value, &json, &fault) != STATUS_OK)
        return;
    char *text = json_dumps(json, JSON_COMPACT);
    write_with_letter(seeds, "json", topic, text_of(text));
    free(text);
    json_decref(json);
}

static void take(void *context, const struct log_output *output)
{
    write_record(context, topic_find(text_of(output->topic)), output->value);
}

/* ---- What is stored ---- */

static const char *target_of(struct text value)
{
    static const char *const names[] = { [FRAME_ROSTER_HEAD] = "roster-head",
        [FRAME_ROSTER_LIST] = "roster-list",
        [FRAME_ROSTER_SLICE] = "roster-slice",
        [FRAME_ROSTER_RUNNING] = "roster-running",
        [FRAME_ROSTER_REFUSALS] = "roster-refusals",
        [FRAME_PERSON] = "person",
        [FRAME_CALENDAR] = "calendar",
        [FRAME_SEALED] = "sealed",
        [FRAME_TOLD] = "told",
        [FRAME_FUND_LEDGER] = "fund-ledger",
        [FRAME_FUND_PAYEE] = "fund-payee",
        [FRAME_FUND_INDEX] = "fund-index",
        [FRAME_FUND_ROW] = "fund-count" };
    for (size_t kind = 1; kind < COUNT_OF(names); kind++)
        if (frame_is(value, (enum frame_kind)kind))
            return names[kind];
    return NULL;
}

static void write_values(struct seeds *seeds, struct store *store, const struct store_key *keys, size_t count)
{
    struct text *values = ARENA_ARRAY(seeds->arena, count + 1, struct text);
    struct store_read read = { .keys = keys, .count = count, .ret_values = values };
    struct fault fault;
    CHECK(values != NULL && store->ops->read(store, seeds->arena, &read, 1, &fault) == STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        CHECK(target_of(values[i]) != NULL);
        write_seed(seeds, target_of(values[i]), values[i]);
        write_seed(seeds, "sealed", values[i]);
    }
    write_seed(seeds, "offsets", read.ret_offsets);
}

static void write_store(struct seeds *seeds, struct store *store)
{
    struct store_key keys[KEYS_MAX], last;
    const struct store_key *after = NULL;
    struct fault fault;
    size_t count;
    do {
        CHECK(store->ops->scan(store, 0, after, KEYS_MAX, keys, &count, &fault) == STATUS_OK);
        write_values(seeds, store, keys, count);
        arena_reset(seeds->arena);
        if (count != 0)
            last = keys[count - 1];
        after = &last;
    } while (count == KEYS_MAX);
}

static struct store *store_of(void *context, const char *stage)
{
    struct seeds *seeds = context;
    struct store *store = store_memory_new();
    (void)stage;
    CHECK(store != NULL && seeds->store_count < STAGES_MAX);
    return seeds->stores[seeds->store_count++] = store;
}

/* ---- Running ---- */

static void run_line(struct seeds *seeds, struct replay *replay, const struct input *input, struct text text)
{
    struct line line;
    struct fault fault;
    arena_reset(seeds->arena);
    write_seed(seeds, "line", text);
    enum status status = line_read(seeds->arena, text, &line, &fault);
    if (status == STATUS_OK) {
        write_record(seeds, line.topic, line.record.value);
        status = replay_run(replay, &line.record, line.at, &fault);
    }
    if (status != STATUS_OK) {
        input_complain(input, &fault);
        exit(EXIT_CODE_INPUT);
    }
}

static void run(struct seeds *seeds, const struct policy_packs *packs, char **files)
{
    static const uint8_t no_secret[16];
    const struct replay_ground ground = { store_of, seeds, no_secret };
    struct input input = { .files = files };
    struct replay *replay;
    struct fault fault;
    struct text text;
    CHECK(replay_new_over(packs, &ground, (struct log_feed_outlet){ take, seeds }, &replay, &fault) == STATUS_OK);
    while (input_next(&input, &text) == INPUT_LINE)
        run_line(seeds, replay, &input, text);
    input_done(&input);
    for (size_t i = 0; i < seeds->store_count; i++)
        write_store(seeds, seeds->stores[i]);
    replay_free(replay);
}

int main(int count, char **words)
{
    static struct pack_report report;
    struct seeds seeds = { .arena = arena_new((size_t)256 << 20) };
    struct arena *arena = arena_new(PACK_ARENA_BYTES);
    struct policy_packs packs;
    if (count < 4) {
        fprintf(stderr, "usage: fuzz_seeds FOLDER PACKS FILE...\n");
        return EXIT_CODE_INPUT;
    }
    CHECK(seeds.arena != NULL && arena != NULL);
    CHECK(policy_packs_load(words[2], arena, &report, &packs) == STATUS_OK);
    logline_set_least(LOGLINE_WARNING);
    seeds.folder = words[1];
    run(&seeds, &packs, words + 3);
    arena_free(arena);
    arena_free(seeds.arena);
    return EXIT_CODE_DONE;
}
