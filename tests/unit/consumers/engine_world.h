/** A broker, a store and a clock for engine tests, and the one check that matters: every input answered exactly once
 *  and every sum right. */
#pragma once

#include "consumers/engine.h"
#include "consumers/log_memory.h"
#include "consumers/logline.h"
#include "state/store_memory.h"
#include "tests/integration/engine/faulty.h"
#include "tests/integration/engine/toy_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PARTITIONS 3
#define TURNS_MAX 100000

struct world {
    struct memory_broker *broker;
    struct store *store;
    struct stage *stage;
    int64_t now_ms; /* every look at the clock moves it, so that backing off ends */
};

struct member {
    struct world *world;
    struct log *log;
    struct faulty faulty;
    struct engine *engine;
};

static inline int64_t world_elapsed_ms(void *context)
{
    return ++((struct world *)context)->now_ms;
}

static inline instant world_now(void *context)
{
    return (instant){ ((struct world *)context)->now_ms, 0 };
}

static inline struct engine_config world_config(struct world *world)
{
    return (struct engine_config){ .name = "toy",
        .arena_bytes = 1 << 20,
        .batch_records_max = 7,
        .gather_ms = 2,
        .clock = { world_now, world_elapsed_ms, world } };
}

static inline void world_begin(struct world *world)
{
    logline_set_least(LOGLINE_ERROR + 1);
    *world = (struct world){ memory_broker_new(PARTITIONS), store_memory_new(), toy_stage_new(), 0 };
}

static inline void world_end(struct world *world)
{
    memory_broker_free(world->broker);
    world->store->ops->free(world->store);
    world->stage->ops->free(world->stage);
}

static inline void member_begin(struct member *member, struct world *world, const struct engine_config *config)
{
    *member = (struct member){ .world = world, .log = log_memory_new(world->broker, toy_topics) };
    faulty_init(&member->faulty, member->log, world->store);
    assert_int_equal(
        engine_new(config, &member->faulty.log, &member->faulty.store, world->stage, &member->engine, NULL), STATUS_OK);
}

/* A crash and a good end look the same from outside: the group notices that the member is gone. */
static inline void member_end(struct member *member)
{
    engine_free(member->engine);
    member->log->ops->close(member->log);
}

static inline void feed(struct world *world, const char *topic, const char *key, const char *value)
{
    struct log_output record = { .topic = topic, .partition = -1, .key = text_of(key), .value = text_of(value) };
    memory_broker_append(world->broker, &record, (instant){ 1, 0 });
}

static inline void feed_some(struct world *world, int count)
{
    for (int i = 0; i < count; i++) {
        char key[16], value[16];
        snprintf(key, sizeof key, "k%d", i % 11);
        snprintf(value, sizeof value, i % 13 == 5 ? "pair %d" : i % 29 == 7 ? "x%d" : "%d", i + 1);
        feed(world, i % 3 == 0 ? "debit" : "credit", key, value);
    }
}

static inline bool all_committed(const struct world *world)
{
    for (int topic = 0; topic < TOY_TOPIC_COUNT; topic++)
        for (int32_t p = 0; p < PARTITIONS; p++) {
            int64_t last = memory_broker_end(world->broker, toy_topics[topic], p);
            while (last > 0 && memory_broker_record(world->broker, toy_topics[topic], p, last - 1) == NULL)
                last--;
            if (last > 0 && memory_broker_committed(world->broker, toy_topics[topic], p) < last)
                return false;
        }
    return true;
}

/* Turns until nothing is left to do, or the process crashed. */
static inline void run(struct member *member)
{
    struct engine_health health;
    for (int turn = 0; turn < TURNS_MAX; turn++) {
        enum status status = engine_turn(member->engine, NULL);
        assert_int_not_equal(status_class(status), STATUS_CLASS_STOP);
        engine_health(member->engine, &health);
        if (member->faulty.has_crashed)
            return;
        if (status == STATUS_AGAIN && health.state == ENGINE_LIVE && all_committed(member->world))
            return;
    }
    fail_msg("no end after %d turns", TURNS_MAX);
}

struct tally {
    int answered[TOY_TOPIC_COUNT][PARTITIONS][4096];
    struct {
        char key[16];
        long long sum;
    } keys[64];
    size_t key_count;
};

static inline long long *tally_sum(struct tally *tally, struct text key)
{
    for (size_t i = 0; i < tally->key_count; i++)
        if (text_equal(text_of(tally->keys[i].key), key))
            return &tally->keys[i].sum;
    assert_true(tally->key_count < COUNT_OF(tally->keys));
    memcpy(tally->keys[tally->key_count].key, key.at, key.length);
    return &tally->keys[tally->key_count++].sum;
}

/* Each answer of a key carries on the sum of the answer before it: a lost or doubled record breaks the chain. */
static inline void tally_outputs(const struct world *world, struct tally *tally, const char *topic)
{
    for (int32_t p = 0; p < PARTITIONS; p++)
        for (int64_t offset = 0; offset < memory_broker_end(world->broker, topic, p); offset++) {
            const struct log_output *record = memory_broker_record(world->broker, topic, p, offset);
            struct toy_output output = { 0 };
            if (record == NULL)
                continue;
            if (strcmp(topic, "refused") == 0) {
                assert_int_equal(
                    sscanf(record->value.at, "%d/%d/%lld", &output.topic, &output.partition, &output.offset), 3);
            } else {
                assert_true(toy_output_parse(record->value, &output));
                long long *sum = tally_sum(tally, record->key);
                *sum += output.delta;
                assert_int_equal(*sum, output.sum);
            }
            tally->answered[output.topic][output.partition][output.offset]++;
        }
}

static inline int64_t stored_sum(const struct world *world, int32_t partition, struct text key)
{
    struct arena *arena = arena_new(1 << 16);
    struct store_key store_key = toy_key(key);
    struct text value;
    struct store_read read = { .partition = partition, .keys = &store_key, .count = 1, .ret_values = &value };
    assert_int_equal(world->store->ops->read(world->store, arena, &read, 1, NULL), STATUS_OK);
    int64_t sum = toy_sum(value);
    arena_free(arena);
    return sum;
}

static inline void check_exact(struct world *world)
{
    struct tally *tally = calloc(1, sizeof *tally);
    tally_outputs(world, tally, "sum");
    tally_outputs(world, tally, "refused");
    for (int topic = 0; topic < TOY_TOPIC_COUNT; topic++)
        for (int32_t p = 0; p < PARTITIONS; p++)
            for (int64_t offset = 0; offset < memory_broker_end(world->broker, toy_topics[topic], p); offset++) {
                const struct log_output *record = memory_broker_record(world->broker, toy_topics[topic], p, offset);
                assert_int_equal(tally->answered[topic][p][offset], record == NULL ? 0 : 1);
                if (record != NULL)
                    assert_int_equal(stored_sum(world, p, record->key), *tally_sum(tally, record->key));
            }
    free(tally);
}
