#include "consumers/engine_state.h"

#include <stdlib.h>
#include <string.h>

/* ---- The queue of collected records ---- */

/* The queue holds one batch at most. */
void engine_hold(struct engine *engine, const struct log_record *record)
{
    CHECK(engine->held_count < engine->held_capacity);
    if (engine->held_first + engine->held_count == engine->held_capacity) {
        memmove(engine->held, engine->held + engine->held_first, engine->held_count * sizeof *engine->held);
        engine->held_first = 0;
    }
    engine->held[engine->held_first + engine->held_count++] = *record;
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

/* ---- Reaching the targets ---- */

static bool all_reached(const struct engine *engine, const struct partition *partition)
{
    for (int topic = 0; topic < engine->topic_count; topic++)
        if (!partition->has_reached[topic])
            return false;
    return true;
}

void engine_wake_partition(struct engine *engine, struct partition *partition)
{
    if (partition->is_live || partition->is_stopped || partition->held != 0 || !all_reached(engine, partition))
        return;
    partition->is_live = !partition->has_dropped;
    partition->is_rebuilding &= !partition->is_live;
    partition->is_ready = partition->has_dropped;
    engine->needs_start |= partition->is_ready;
}

void engine_drop_collected(struct engine *engine)
{
    engine_room_empty(engine);
    engine_drop_held(engine, engine->held_count);
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

/* A record at or beyond its target, of a partition that is not live, comes too early: its outputs are new, and all
 * topics of the partition have to be at their targets first. It is dropped here and read again then, rather than kept
 * while its topic is paused: librdkafka can lose the position of a partition that is paused close to an assign (its
 * issues 2190, 5591). */
static bool is_wanted(const struct engine *engine, struct partition *partition, const struct log_record *record)
{
    if (partition == NULL || partition->is_stopped || engine->needs_recovery)
        return false;
    if (record->offset < partition->seen[record->topic])
        return false;
    return partition->is_live || record->offset < partition->target[record->topic];
}

static void note_early(struct engine *engine, struct partition *partition, const struct log_record *record)
{
    bool is_early = partition != NULL && !engine->needs_recovery && !partition->is_live
        && record->offset >= partition->target[record->topic];
    if (!is_early)
        return;
    partition->has_dropped = true;
    reach(engine, partition, record->topic);
}

static void take_record(struct engine *engine, struct log_record *record)
{
    struct partition *partition = owned_partition(engine, record->partition);
    if (is_wanted(engine, partition, record)) {
        partition->seen[record->topic] = record->offset + 1;
        engine_room_put(engine, partition, record);
        return;
    }
    note_early(engine, partition, record);
    engine->log->ops->release(engine->log, record);
}

static void take_end(struct engine *engine, const struct log_position *position)
{
    struct partition *partition = owned_partition(engine, position->partition);
    if (partition == NULL || engine->needs_recovery)
        return;
    engine_order_note_end(engine, partition, position->topic);
    if (!partition->is_live && position->offset >= partition->target[position->topic])
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

/* Nothing there yet: a long wait. After the first record: a short one for those that are on their way. Then whatever is
 * there. */
static int wait_of(const struct engine *engine, int64_t *gather_until_ms)
{
    if (engine->held_count + engine->room_count == 0)
        return engine->config.wait_ms;
    int64_t now = engine_elapsed_ms(engine);
    if (*gather_until_ms == 0)
        *gather_until_ms = now + engine->config.gather_ms;
    return *gather_until_ms > now ? (int)(*gather_until_ms - now) : 0;
}

/* A batch's worth of records may still hold each other up, so it is looked whether they do, and more often then. */
static bool is_enough(struct engine *engine, size_t *look_at)
{
    if (engine->room_count < *look_at)
        return false;
    engine_line_up(engine);
    *look_at = engine->room_count + engine->config.batch_records_max / 4;
    return engine->held_count >= engine->batch_limit;
}

static enum status gather(struct engine *engine, struct fault *fault)
{
    int64_t gather_until_ms = 0;
    size_t look_at = engine->batch_limit;
    while (!engine_room_is_full(engine) && !engine->refuse_largest && !engine->needs_start) {
        enum log_event_kind kind;
        enum status status = engine_poll(engine, wait_of(engine, &gather_until_ms), &kind, fault);
        if (status != STATUS_OK || engine->turn_is_over || kind == LOG_NOTHING || is_enough(engine, &look_at))
            return status;
    }
    return STATUS_OK;
}

enum status engine_collect(struct engine *engine, struct fault *fault)
{
    enum status status = engine->needs_start ? engine_start(engine, fault) : STATUS_OK;
    if (status == STATUS_OK)
        status = gather(engine, fault);
    if (engine->turn_is_over)
        return status;
    engine_line_up(engine);
    if (engine->held_count == 0)
        return status == STATUS_OK ? engine_look(engine, fault) : status;
    if (status_class(status) == STATUS_CLASS_STOP)
        return status;
    engine->step = ENGINE_STEP_DECODE;
    return STATUS_OK;
}
