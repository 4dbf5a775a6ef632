#include "consumers/log_until.h"

#include <stdlib.h>
#include <string.h>

/** So many records beyond their limits are passed over in one poll, then the caller has its turn. */
#define PASSED_OVER_MAX 10000

struct limit {
    struct log_position position;
    bool is_told; /* that its topic ends there, since the last start */
};

struct log_until {
    struct log log;
    struct log *base;
    struct limit *limits;
    size_t limit_count;
    int32_t *partitions; /* as `base` has told */
    size_t partition_count;
    bool is_to_tell; /* of the partitions, anew */
};

static struct log_until *until_of(struct log *log)
{
    return (struct log_until *)log;
}

static struct limit *find(const struct log_until *until, int topic, int32_t partition)
{
    for (size_t i = 0; i < until->limit_count; i++)
        if (until->limits[i].position.topic == topic && until->limits[i].position.partition == partition)
            return &until->limits[i];
    return NULL;
}

void log_until_set(struct log *log, const struct log_position *positions, size_t count)
{
    struct log_until *until = until_of(log);
    free(until->limits);
    until->limits = calloc(count + 1, sizeof *until->limits);
    CHECK(until->limits != NULL);
    until->limit_count = count;
    for (size_t i = 0; i < count; i++)
        until->limits[i].position = positions[i];
    until->is_to_tell = until->partition_count != 0;
}

/* ---- Polling ---- */

static void note_partitions(struct log_until *until, const struct log_event *event)
{
    free(until->partitions);
    until->partitions = calloc(event->partition_count + 1, sizeof *until->partitions);
    CHECK(until->partitions != NULL);
    memcpy(until->partitions, event->partitions, event->partition_count * sizeof *until->partitions);
    until->partition_count = event->partition_count;
    until->is_to_tell = false;
}

/* A record beyond: the first one since the start says that its topic has come to its limit. */
static void pass_over(struct log_until *until, struct limit *limit, struct log_event *event)
{
    bool is_news = limit != NULL && !limit->is_told;
    until->base->ops->release(until->base, &event->record);
    *event = (struct log_event){ .kind = LOG_NOTHING };
    if (!is_news)
        return;
    limit->is_told = true;
    event->kind = LOG_END;
    event->position = limit->position;
}

/* False: this event was nothing, and there may be more behind it. */
static bool take_event(struct log_until *until, struct log_event *event)
{
    if (event->kind == LOG_ASSIGNED)
        note_partitions(until, event);
    if (event->kind != LOG_RECORD)
        return true;
    struct limit *limit = find(until, event->record.topic, event->record.partition);
    if (limit != NULL && event->record.offset < limit->position.offset)
        return true;
    pass_over(until, limit, event);
    return event->kind != LOG_NOTHING;
}

static enum status until_poll(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    struct log_until *until = until_of(log);
    if (until->is_to_tell) {
        until->is_to_tell = false;
        *ret_event = (struct log_event){
            .kind = LOG_ASSIGNED, .partitions = until->partitions, .partition_count = until->partition_count
        };
        return STATUS_OK;
    }
    for (int passed = 0; passed < PASSED_OVER_MAX; passed++) {
        enum status status = until->base->ops->poll(until->base, wait_ms, ret_event, fault);
        if (status != STATUS_OK || take_event(until, ret_event))
            return status;
    }
    return STATUS_OK;
}

static void until_release(struct log *log, struct log_record *record)
{
    until_of(log)->base->ops->release(until_of(log)->base, record);
}

/* ---- Positions ---- */

static enum status until_start(struct log *log, const struct log_position *positions, size_t count, struct fault *fault)
{
    struct log_until *until = until_of(log);
    for (size_t i = 0; i < until->limit_count; i++)
        until->limits[i].is_told = false;
    return until->base->ops->start(until->base, positions, count, fault);
}

static void until_stop(struct log *log)
{
    until_of(log)->base->ops->stop(until_of(log)->base);
}

static enum status until_committed(struct log *log, struct log_position *positions, size_t count, struct fault *fault)
{
    (void)fault;
    for (size_t i = 0; i < count; i++) {
        const struct limit *limit = find(until_of(log), positions[i].topic, positions[i].partition);
        positions[i].offset = limit == NULL ? -1 : limit->position.offset;
    }
    return STATUS_OK;
}

/* Beyond the limits there is nothing that could be live. */
static enum status until_commit(struct log *log, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    (void)log, (void)outputs, (void)positions;
    return fault_set(fault, STATUS_SYSTEM, "log",
        "%zu records and %zu positions were to be written to a log that is read", output_count, position_count);
}

static enum status until_reopen(struct log *log, struct fault *fault)
{
    (void)log, (void)fault;
    return STATUS_OK;
}

static void until_close(struct log *log)
{
    struct log_until *until = until_of(log);
    until->base->ops->close(until->base);
    free(until->limits);
    free(until->partitions);
    free(until);
}

struct log *log_until_new(struct log *base)
{
    static const struct log_ops ops = { .poll = until_poll,
        .release = until_release,
        .start = until_start,
        .stop = until_stop,
        .committed = until_committed,
        .commit = until_commit,
        .reopen = until_reopen,
        .close = until_close };
    struct log_until *until = calloc(1, sizeof *until);
    if (until == NULL)
        return NULL;
    until->log.ops = &ops;
    until->base = base;
    return &until->log;
}
