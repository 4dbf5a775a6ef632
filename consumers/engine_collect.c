#include "consumers/engine_state.h"

#include <stdlib.h>

/* ---- The queue of collected records ---- */

static void make_room(struct engine *engine)
{
    if (engine->held_first + engine->held_count < engine->held_capacity)
        return;
    if (engine->held_first != 0) {
        memmove(engine->held, engine->held + engine->held_first, engine->held_count * sizeof *engine->held);
        engine->held_first = 0;
        return;
    }
    engine->held_capacity *= 2;
    engine->held = realloc(engine->held, engine->held_capacity * sizeof *engine->held);
    CHECK(engine->held != NULL);
}

static void hold(struct engine *engine, struct partition *partition, const struct log_record *record)
{
    make_room(engine);
    engine->held[engine->held_first + engine->held_count++] = *record;
    partition->held++;
}

void engine_drop_held(struct engine *engine, size_t count)
{
    CHECK(count <= engine->held_count);
    for (size_t i = 0; i < count; i++) {
        struct log_record *record = &engine->held[engine->held_first + i];
        engine->by_id[record->partition]->held--;
        engine->log->ops->release(engine->log, record);
    }
    engine->held_count -= count;
    engine->held_first = engine->held_count == 0 ? 0 : engine->held_first + count;
}

/* ---- Records beyond a target ---- */

/* Rarely more than one per topic: the topic is paused with the first. */
static void let_wait(struct partition *partition, const struct log_record *record)
{
    struct waiting *waiting = calloc(1, sizeof *waiting);
    CHECK(waiting != NULL);
    waiting->record = *record;
    if (partition->last_waiting == NULL)
        partition->first_waiting = waiting;
    else
        partition->last_waiting->next = waiting;
    partition->last_waiting = waiting;
}

static bool take_waiting(struct partition *partition, struct log_record *ret_record)
{
    struct waiting *waiting = partition->first_waiting;
    if (waiting == NULL)
        return false;
    *ret_record = waiting->record;
    partition->first_waiting = waiting->next;
    if (waiting->next == NULL)
        partition->last_waiting = NULL;
    free(waiting);
    return true;
}

static bool all_reached(const struct engine *engine, const struct partition *partition)
{
    for (int topic = 0; topic < engine->topic_count; topic++)
        if (!partition->has_reached[topic])
            return false;
    return true;
}

void engine_wake_partition(struct engine *engine, struct partition *partition)
{
    struct log_record record;
    if (partition->is_live || partition->is_stopped || partition->held != 0 || !all_reached(engine, partition))
        return;
    partition->is_live = true;
    while (take_waiting(partition, &record))
        hold(engine, partition, &record);
    for (int topic = 0; topic < engine->topic_count; topic++)
        if (partition->is_paused[topic]) {
            partition->is_paused[topic] = false;
            engine->log->ops->resume(engine->log, topic, partition->id);
        }
}

void engine_drop_collected(struct engine *engine)
{
    struct log_record record;
    engine_drop_held(engine, engine->held_count);
    for (size_t i = 0; i < engine->partition_count; i++)
        while (take_waiting(&engine->partitions[i], &record))
            engine->log->ops->release(engine->log, &record);
}

/* ---- Events ---- */

static struct partition *owned_partition(const struct engine *engine, int32_t id)
{
    return id >= 0 && (size_t)id < engine->partition_limit ? engine->by_id[id] : NULL;
}

static void reach(struct engine *engine, struct partition *partition, int topic)
{
    partition->has_reached[topic] = true;
    engine_wake_partition(engine, partition);
}

/* A record at or beyond the target waits: its outputs are new, and all topics of the partition have to be there first. */
static void take_beyond(struct engine *engine, struct partition *partition, const struct log_record *record)
{
    let_wait(partition, record);
    if (!partition->is_paused[record->topic]) {
        partition->is_paused[record->topic] = true;
        engine->log->ops->pause(engine->log, record->topic, record->partition);
    }
    reach(engine, partition, record->topic);
}

static void take_record(struct engine *engine, struct log_record *record)
{
    struct partition *partition = owned_partition(engine, record->partition);
    bool is_wanted = partition != NULL && !partition->is_stopped && !engine->needs_recovery &&
        record->offset >= partition->seen[record->topic];
    if (!is_wanted) {
        engine->log->ops->release(engine->log, record);
        return;
    }
    partition->seen[record->topic] = record->offset + 1;
    if (partition->is_live || record->offset < partition->target[record->topic])
        hold(engine, partition, record);
    else
        take_beyond(engine, partition, record);
}

static void take_end(struct engine *engine, const struct log_position *position)
{
    struct partition *partition = owned_partition(engine, position->partition);
    if (partition == NULL || engine->needs_recovery || partition->is_live)
        return;
    if (position->offset >= partition->target[position->topic])
        reach(engine, partition, position->topic);
}

static void take_event(struct engine *engine, struct log_event *event)
{
    switch (event->kind) {
    case LOG_NOTHING:
        break;
    case LOG_RECORD:
        take_record(engine, &event->record);
        break;
    case LOG_END:
        take_end(engine, &event->position);
        break;
    case LOG_ASSIGNED:
        engine_take_assignment(engine, event->partitions, event->partition_count);
        engine->turn_is_over = true;
        break;
    case LOG_REVOKED:
        engine_drop_assignment(engine);
        engine->turn_is_over = true;
        break;
    }
}

enum status engine_poll(struct engine *engine, int wait_ms, enum log_event_kind *ret_kind, struct fault *fault)
{
    struct log_event event;
    enum status status = engine->log->ops->poll(engine->log, wait_ms, &event, fault);
    if (status == STATUS_KAFKA_UNREACHABLE && engine->waiting_for == STATUS_OK)
        engine_wait_for(engine, status, fault);
    if (status != STATUS_OK)
        return status;
    if (engine->waiting_for == STATUS_KAFKA_UNREACHABLE && !engine->needs_recovery)
        engine_wait_for(engine, STATUS_OK, NULL);
    take_event(engine, &event);
    *ret_kind = event.kind;
    return STATUS_OK;
}

/* ---- The step ---- */

/* Nothing there yet: a long wait. After the first record: a short one for those that are on their way. Then whatever is there. */
static int wait_of(const struct engine *engine, int64_t *gather_until_ms)
{
    if (engine->held_count == 0)
        return engine->config.wait_ms;
    int64_t now = engine_elapsed_ms(engine);
    if (*gather_until_ms == 0)
        *gather_until_ms = now + engine->config.gather_ms;
    return *gather_until_ms > now ? (int)(*gather_until_ms - now) : 0;
}

static enum status gather(struct engine *engine, struct fault *fault)
{
    int64_t gather_until_ms = 0;
    while (engine->held_count < engine->batch_limit && !engine->refuse_largest) {
        enum log_event_kind kind;
        enum status status = engine_poll(engine, wait_of(engine, &gather_until_ms), &kind, fault);
        if (status != STATUS_OK || engine->turn_is_over || kind == LOG_NOTHING)
            return status;
    }
    return STATUS_OK;
}

enum status engine_collect(struct engine *engine, struct fault *fault)
{
    enum status status = gather(engine, fault);
    if (engine->turn_is_over)
        return status;
    if (engine->held_count == 0)
        return status == STATUS_OK ? STATUS_AGAIN : status;
    if (status_class(status) == STATUS_CLASS_STOP)
        return status;
    engine->step = ENGINE_STEP_DECODE;
    return STATUS_OK;
}
