/** What every log must do, run against each of them: one worker's view of a group, with transactions. The test file
 *  says how a record gets in from outside and opens the log over topics "credit" and "debit" (toy_topics) of
 *  `SUITE_PARTITIONS`. */
#pragma once

#include "consumers/log.h"
#include "tests/integration/engine/toy_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SUITE_PARTITIONS 2
#define SUITE_TURNS 300

/* The next event of this kind; others before it are passed over. */
static inline struct log_event suite_next(struct log *log, enum log_event_kind kind)
{
    struct log_event event = { .kind = LOG_NOTHING };
    for (int turn = 0; turn < SUITE_TURNS; turn++) {
        if (log->ops->poll(log, 100, &event, NULL) == STATUS_OK && event.kind == kind)
            return event;
        if (event.kind == LOG_RECORD)
            log->ops->release(log, &event.record);
    }
    fail_msg("no event of kind %d", (int)kind);
    return event;
}

static inline void suite_start(struct log *log, int64_t offset)
{
    struct log_position positions[TOY_TOPIC_COUNT * SUITE_PARTITIONS];
    size_t count = 0;
    for (int topic = 0; topic < TOY_TOPIC_COUNT; topic++)
        for (int32_t p = 0; p < SUITE_PARTITIONS; p++)
            positions[count++] = (struct log_position){ topic, p, offset };
    assert_int_equal(log->ops->start(log, positions, count, NULL), STATUS_OK);
}

static inline void suite_expect(struct log *log, int topic, const char *key, const char *value, int64_t offset)
{
    struct log_event event = suite_next(log, LOG_RECORD);
    assert_int_equal(event.record.topic, topic);
    assert_int_equal(event.record.offset, offset);
    assert_true(text_equal(event.record.key, text_of(key)));
    assert_true(text_equal(event.record.value, text_of(value)));
    log->ops->release(log, &event.record);
}

static inline int64_t suite_committed(struct log *log, int topic, int32_t partition)
{
    struct log_position position = { topic, partition, 99 };
    assert_int_equal(log->ops->committed(log, &position, 1, NULL), STATUS_OK);
    return position.offset;
}

/* `send` appends one record from outside to partition 0 of topic "credit", at offset 0. */
static inline void log_suite_run(struct log *log, void (*send)(const char *key, const char *value))
{
    struct log_event event = suite_next(log, LOG_ASSIGNED);
    assert_int_equal(event.partition_count, SUITE_PARTITIONS);
    assert_int_equal(event.partitions[0], 0);
    assert_int_equal(log->ops->reopen(log, NULL), STATUS_OK);
    assert_int_equal(suite_committed(log, 0, 0), -1);

    /* Nothing comes before the start, and what comes is read again after another. */
    send("a", "1");
    assert_int_equal(log->ops->poll(log, 300, &event, NULL), STATUS_OK);
    assert_int_equal(event.kind, LOG_NOTHING);
    suite_start(log, 0);
    suite_expect(log, 0, "a", "1", 0);
    suite_start(log, 0);
    suite_expect(log, 0, "a", "1", 0);

    /* A transaction that writes to an input: its record comes back, headers and all, and the end lies beyond its
     * marker. */
    struct log_header header = { TEXT("traceparent"), TEXT("00-1") };
    struct log_output output = { .topic = toy_topics[1],
        .partition = 1,
        .key = TEXT("b"),
        .value = TEXT("2"),
        .headers = &header,
        .header_count = 1 };
    struct log_position position = { 0, 0, 1 };
    assert_int_equal(log->ops->commit(log, &output, 1, &position, 1, NULL), STATUS_OK);
    assert_int_equal(suite_committed(log, 0, 0), 1);
    assert_int_equal(suite_committed(log, 0, 1), -1);
    event = suite_next(log, LOG_RECORD);
    assert_int_equal(event.record.topic, 1);
    assert_int_equal(event.record.partition, 1);
    assert_int_equal(event.record.header_count, 1);
    assert_true(text_equal(event.record.headers[0].name, header.name));
    assert_true(text_equal(event.record.headers[0].value, header.value));
    log->ops->release(log, &event.record);
    do
        event = suite_next(log, LOG_END);
    while (event.position.topic != 1 || event.position.partition != 1 || event.position.offset == 0);
    assert_int_equal(event.position.offset, 2);

    /* Stopped, nothing comes; an empty transaction still moves positions; a new producer goes on where the old one
     * was. */
    log->ops->stop(log);
    assert_int_equal(log->ops->reopen(log, NULL), STATUS_OK);
    position = (struct log_position){ 1, 1, 1 };
    assert_int_equal(log->ops->commit(log, NULL, 0, &position, 1, NULL), STATUS_OK);
    assert_int_equal(suite_committed(log, 1, 1), 1);
    send("a", "3");
    assert_int_equal(log->ops->poll(log, 300, &event, NULL), STATUS_OK);
    assert_int_equal(event.kind, LOG_NOTHING);
}
