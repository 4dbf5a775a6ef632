/* A stage whose records are a sequence has no plain fold to be held against. It is held against itself: one worker, no
 * faults, and of the log only what came from outside, so that it makes its own continuations. */
#include "tests/sim/world.h"

#include "proto/wire.h"

#include <stdlib.h>

/* Outputs of one stage in a run, and turns of a fault-free one. */
#define SAYINGS_MAX 2048
#define TURNS_MAX 20000

struct sayings {
    uint64_t hashes[SAYINGS_MAX];
    size_t count;
};

/* ---- What was said ---- */

static uint64_t hash_of(uint64_t hash, struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (uint8_t)text.at[i]) * UINT64_C(0x100000001b3);
    return (hash ^ text.length) * UINT64_C(0x9e3779b97f4a7c15);
}

/* When it was emitted is no part of what is said. */
static struct text without_time(struct sim *sim, const struct log_output *record)
{
    const ProtobufCMessage *message;
    struct text value;
    if (strcmp(record->topic, "roster-receipt") != 0)
        return record->value;
    enum status status =
        wire_unpack(&settled__v1__roster_receipt__descriptor, sim->arena, record->value, &message, NULL);
    CHECK(status == STATUS_OK);
    ((Settled__V1__RosterReceipt *)(uintptr_t)message)->emitted_at = NULL;
    status = wire_pack(message, sim->arena, &value);
    CHECK(status == STATUS_OK);
    return value;
}

/* Refusals name offsets, which are others in another run; the oracle has counted them. Continuations are no saying. */
static bool is_saying(const struct sim_group *group, const struct sim_entry *entry)
{
    return entry->state == SIM_COMMITTED && entry->by != NULL && strcmp(entry->by->name, group->name) == 0
        && strcmp(entry->record.topic, "rejection") != 0 && strcmp(entry->record.topic, group->topics[0]) != 0;
}

static int by_value(const void *a, const void *b)
{
    uint64_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

static void hear(struct sim_broker *broker, const struct sim_group *group, struct sayings *sayings)
{
    for (size_t topic = 0; topic < broker->topic_count; topic++)
        for (int32_t p = 0; p < broker->partition_count; p++) {
            const struct sim_tail *tail = &broker->topics[topic].tails[p];
            for (int64_t i = 0; i < tail->count; i++) {
                const struct log_output *record = &tail->entries[i]->record;
                if (!is_saying(group, tail->entries[i]))
                    continue;
                CHECK(sayings->count < SAYINGS_MAX);
                sayings->hashes[sayings->count++] = hash_of(
                    hash_of(hash_of(1, text_of(record->topic)), record->key), without_time(broker->sim, record));
            }
        }
    qsort(sayings->hashes, sayings->count, sizeof sayings->hashes[0], by_value);
}

/* ---- The fault-free run ---- */

static void ignore(void *context, const struct sim_transaction *transaction)
{
    (void)context, (void)transaction;
}

static void feed(struct sim_broker *to, struct sim_broker *from, const struct sim_group *group)
{
    for (int topic = 0; topic < group->topic_count; topic++)
        for (int32_t p = 0; p < from->partition_count; p++) {
            const struct sim_tail *tail = &sim_broker_topic(from, group->topics[topic])->tails[p];
            for (int64_t i = 0; i < tail->count; i++)
                if (tail->entries[i]->state == SIM_COMMITTED && tail->entries[i]->by == NULL)
                    sim_broker_append(to, &tail->entries[i]->record);
        }
}

static instant no_time(void *context)
{
    (void)context;
    return (instant){ 1, 0 };
}

static int64_t count_up(void *context)
{
    return ++((struct sim_process *)context)->elapsed_ms;
}

static void run(struct sim_world *world, int stage, struct sim_broker *broker, struct sim_group *group)
{
    struct sim_process process = { .name = "reference" };
    struct sim_place place;
    struct engine *engine;
    struct stage *object = sim_stages[stage].open(world->context);
    struct log *log = sim_log_new(broker, group, 0, &process);
    struct engine_config config = world->config;
    config.clock = (struct engine_clock){ no_time, count_up, &process };
    sim_place_begin(&place, world->sim, group);
    struct store *store = sim_store_new(&place, &process);
    enum status status = engine_new(&config, log, store, object, &engine, NULL);
    CHECK(status == STATUS_OK);
    for (int turn = 0, idle = 0; idle < 50; turn++) {
        idle = engine_turn(engine, NULL) == STATUS_AGAIN ? idle + 1 : 0;
        if (turn == TURNS_MAX)
            sim_fail(world->sim, "the fault-free run of %s has no end", group->name);
    }
    engine_free(engine);
    object->ops->free(object);
    sim_place_end(&place);
}

void world_check_sequence(struct sim_world *world, int stage)
{
    static struct sayings told, meant;
    struct sim_broker *broker = SIM_NEW(world->sim, struct sim_broker);
    const struct sim_group *group = world->parts[stage].group;
    told.count = meant.count = 0;
    sim_say(world->sim, "what %s said, compared with a run without faults", group->name);
    sim_broker_begin(broker, world->sim, world->broker.partition_count);
    broker->committed = ignore;
    struct sim_group *own = sim_broker_group(broker, group->name, group->topics);
    feed(broker, &world->broker, group);
    run(world, stage, broker, own);
    hear(&world->broker, group, &told);
    hear(broker, group, &meant);
    if (told.count != meant.count || memcmp(told.hashes, meant.hashes, told.count * sizeof told.hashes[0]) != 0)
        sim_fail(world->sim, "the %s stage said %zu things, and without faults it says %zu, or others", group->name,
            told.count, meant.count);
}
