#include "consumers/engine_state.h"

#include "consumers/logline.h"

#include <stdio.h>
#include <stdlib.h>

/** Values deleted in one write, when a partition is to be rebuilt. */
#define FORGET_AT_ONCE 1000

/* ---- Owning partitions ---- */

void engine_drop_assignment(struct engine *engine)
{
    engine_forget_batch(engine);
    engine_drop_collected(engine);
    free(engine->partitions);
    free(engine->by_id);
    engine->partitions = NULL;
    engine->by_id = NULL;
    engine->partition_count = engine->partition_limit = 0;
    engine->is_assigned = engine->needs_recovery = false;
}

void engine_take_assignment(struct engine *engine, const int32_t *ids, size_t count)
{
    engine_drop_assignment(engine);
    for (size_t i = 0; i < count; i++)
        if ((size_t)ids[i] >= engine->partition_limit)
            engine->partition_limit = (size_t)ids[i] + 1;
    engine->partitions = calloc(count + 1, sizeof *engine->partitions);
    engine->by_id = calloc(engine->partition_limit + 1, sizeof(struct partition *));
    CHECK(engine->partitions != NULL && engine->by_id != NULL);
    engine->partition_count = count;
    for (size_t i = 0; i < count; i++) {
        engine->partitions[i].id = ids[i];
        engine->by_id[ids[i]] = &engine->partitions[i];
    }
    engine->is_assigned = engine->needs_recovery = true;
    engine->retry_at_ms = 0;
    engine->backoff_ms = 0;
}

/* ---- Waiting ---- */

static void back_off(struct engine *engine)
{
    const struct engine_config *config = &engine->config;
    engine->retry_at_ms = engine->backoff_ms == 0 ? 0 : engine_elapsed_ms(engine) + engine->backoff_ms;
    int doubled = engine->backoff_ms == 0 ? config->backoff_first_ms : engine->backoff_ms * 2;
    engine->backoff_ms = doubled < config->backoff_most_ms ? doubled : config->backoff_most_ms;
}

static void count_cause(struct engine *engine, enum status why)
{
    engine_count(engine, ENGINE_METRIC_recoveries, 1);
    if (why == STATUS_TRANSACTION_FAILED)
        engine_count(engine, ENGINE_METRIC_transactions_failed, 1);
    if (why == STATUS_STORE_UNREACHABLE)
        engine_count(engine, ENGINE_METRIC_store_failures, 1);
    if (why == STATUS_STORE_MOVED_ON)
        engine_count(engine, ENGINE_METRIC_store_moved_on, 1);
}

void engine_begin_recovery(struct engine *engine, enum status why, const struct fault *fault)
{
    if (why == STATUS_TRANSACTION_FAILED)
        engine->needs_reopen = true;
    if (why == STATUS_STORE_UNREACHABLE)
        engine_wait_for(engine, why, fault);
    else
        logline(LOGLINE_WARNING, status_sentence(why), "engine", engine->config.name, "status", status_name(why),
            "cause", fault->text, NULL);
    if (engine->needs_recovery)
        return; /* this was a try at recovery, which has backed off already */
    count_cause(engine, why);
    engine_forget_batch(engine);
    engine_drop_collected(engine);
    engine->needs_recovery = true;
    back_off(engine);
    engine->log->ops->stop(engine->log); /* polling goes on: the group must not take this worker for dead */
}

static enum status wait_for_retry(struct engine *engine, int64_t left_ms, struct fault *fault)
{
    enum log_event_kind kind;
    int wait_ms = left_ms < engine->config.wait_ms ? (int)left_ms : engine->config.wait_ms;
    engine->turn_is_over = true;
    enum status status = engine_poll(engine, wait_ms, &kind, fault);
    return status == STATUS_OK ? STATUS_AGAIN : status;
}

/* ---- Where the store and the group stand ---- */

/* A text that cannot be read is as much damage as a value: how far the values are, nobody knows. */
static void load_partition(struct engine *engine, struct partition *partition, struct text offsets)
{
    struct fault fault;
    enum status status = offsets.length > ENGINE_OFFSETS_SIZE
        ? STATUS_BAD_STATE
        : engine_offsets_parse(offsets, engine->topics, partition->next);
    if (status == STATUS_OK) {
        memcpy(partition->offsets, offsets.at, offsets.length);
        partition->offsets_length = offsets.length;
        return;
    }
    fault_set(&fault, status, "store.offsets", "the stored offsets of partition %d", (int)partition->id);
    if (status != STATUS_BAD_STATE)
        engine_stop_partition(engine, partition, &fault);
    else if (text_equal(offsets, TEXT(ENGINE_OFFSETS_FORGETTING)))
        partition->must_forget = partition->is_rebuilding = true; /* somebody began, and did not come to the end */
    else if (!partition->must_forget)
        engine_note_damage(engine, partition, &fault);
}

static enum status write_partition(struct engine *engine, struct store_write *write, struct fault *fault)
{
    enum status status = engine->store->ops->write(engine->store, write, 1, fault);
    if (status == STATUS_OK && write->ret_status != STATUS_OK)
        return fault_set(fault, write->ret_status, "store.write", "partition %d", (int)write->partition);
    return status;
}

/* Room for what is deleted in one write. */
struct handful {
    struct store_key keys[FORGET_AT_ONCE];
    struct store_item items[FORGET_AT_ONCE];
};

static enum status delete_some(
    struct engine *engine, struct store_write *write, struct handful *handful, struct fault *fault)
{
    enum status status = engine->store->ops->scan(
        engine->store, write->partition, NULL, FORGET_AT_ONCE, handful->keys, &write->count, fault);
    for (size_t i = 0; status == STATUS_OK && i < write->count; i++)
        handful->items[i] = (struct store_item){ .key = handful->keys[i], .value = TEXT_EMPTY };
    write->items = handful->items;
    return status == STATUS_OK && write->count > 0 ? write_partition(engine, write, fault) : status;
}

/* Deletes all that is stored of a partition; then it is like one never seen, and is replayed from its first record.
 * Before the first value goes the offsets say so: whoever comes after a crash in between begins here again. */
static enum status forget(struct engine *engine, struct partition *partition, struct text stored, struct fault *fault)
{
    static const int64_t from_the_first[ENGINE_TOPICS_MAX];
    struct text forgetting = TEXT(ENGINE_OFFSETS_FORGETTING);
    struct handful *handful = ARENA_NEW(engine->arena, struct handful);
    struct store_write write = { .partition = partition->id, .expected_offsets = stored, .offsets = forgetting };
    if (handful == NULL)
        return STATUS_ARENA_FULL;
    enum status status = write_partition(engine, &write, fault);
    write.expected_offsets = forgetting;
    do
        status = status == STATUS_OK ? delete_some(engine, &write, handful, fault) : status;
    while (status == STATUS_OK && write.count > 0);
    memcpy(partition->next, from_the_first, sizeof partition->next);
    partition->offsets_length = engine_offsets_format(engine->topics, from_the_first, partition->offsets);
    write.offsets = (struct text){ partition->offsets, partition->offsets_length };
    if (status == STATUS_OK)
        status = write_partition(engine, &write, fault);
    partition->must_forget &= status != STATUS_OK;
    return status;
}

static enum status read_partition(
    struct engine *engine, struct partition *partition, struct text offsets, struct fault *fault)
{
    if (!partition->is_stopped)
        load_partition(engine, partition, offsets);
    if (!partition->is_stopped && partition->must_forget)
        return forget(engine, partition, offsets, fault);
    return STATUS_OK;
}

static enum status read_store(struct engine *engine, struct fault *fault)
{
    struct store_read *reads = NULL;
    enum status status = engine_read_offsets(engine, &reads, fault);
    for (size_t i = 0; i < engine->partition_count && status == STATUS_OK; i++)
        status = read_partition(engine, &engine->partitions[i], reads[i].ret_offsets, fault);
    return status;
}

static void warn_ahead(const struct engine *engine, const struct log_position *position, int64_t store_offset)
{
    char partition[16], store_text[24], group_text[24];
    snprintf(partition, sizeof partition, "%d", (int)position->partition);
    snprintf(store_text, sizeof store_text, "%lld", (long long)store_offset);
    snprintf(group_text, sizeof group_text, "%lld", (long long)position->offset);
    logline(LOGLINE_WARNING, "the store is ahead of the group's committed offset: were offsets reset or expired?",
        "engine", engine->config.name, "topic", engine->topics[position->topic], "partition", partition, "store",
        store_text, "group", group_text, NULL);
}

/* What the group has committed has been answered; beyond it everything is new. A store ahead of it has answered,
 * too. */
static void set_target(struct engine *engine, const struct log_position *position)
{
    struct partition *partition = engine->by_id[position->partition];
    int64_t next = partition->next[position->topic];
    if (next > position->offset && next > 0)
        warn_ahead(engine, position, next);
    int64_t target = position->offset > next ? position->offset : next;
    partition->target[position->topic] = target;
    partition->seen[position->topic] = next;
    partition->has_reached[position->topic] = next == target;
    partition->is_live = partition->is_ready = partition->has_dropped = false;
}

static enum status read_group(struct engine *engine, struct log_position *positions, size_t count, struct fault *fault)
{
    enum status status = engine->log->ops->committed(engine->log, positions, count, fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        set_target(engine, &positions[i]);
    return status;
}

/* A ready partition lives once its positions are read from; what it dropped comes again. */
static void begin_partition(struct engine *engine, struct partition *partition)
{
    partition->is_live |= partition->is_ready;
    partition->is_rebuilding &= !partition->is_live;
    partition->is_ready = partition->has_dropped = false;
    engine_order_begin(engine, partition);
    engine_wake_partition(engine, partition);
}

enum status engine_start(struct engine *engine, struct fault *fault)
{
    size_t count = 0, most = engine->partition_count * (size_t)engine->topic_count;
    struct log_position *positions = ARENA_ARRAY(engine->arena, most, struct log_position);
    if (positions == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < engine->partition_count; i++) {
        const struct partition *partition = &engine->partitions[i];
        for (int topic = 0; topic < engine->topic_count && !partition->is_stopped; topic++)
            positions[count++] = (struct log_position){ topic, partition->id, partition->seen[topic] };
    }
    enum status status = engine->log->ops->start(engine->log, positions, count, fault);
    if (status != STATUS_OK)
        return status;
    engine->needs_start = false;
    for (size_t i = 0; i < engine->partition_count; i++)
        begin_partition(engine, &engine->partitions[i]);
    return STATUS_OK;
}

static enum status take_back(struct engine *engine, struct fault *fault)
{
    size_t count = 0, most = engine->partition_count * (size_t)engine->topic_count;
    struct log_position *positions = ARENA_ARRAY(engine->arena, most, struct log_position);
    if (positions == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < engine->partition_count; i++)
        for (int topic = 0; topic < engine->topic_count; topic++)
            positions[count++] = (struct log_position){ topic, engine->partitions[i].id, -1 };
    enum status status = STATUS_OK;
    if (engine->needs_reopen)
        status = engine->log->ops->reopen(engine->log, fault);
    if (status == STATUS_OK) {
        engine->needs_reopen = false;
        status = read_store(engine, fault);
    }
    if (status == STATUS_OK)
        status = read_group(engine, positions, count, fault);
    if (status == STATUS_OK)
        status = engine_start(engine, fault);
    return status;
}

enum status engine_recover(struct engine *engine, struct fault *fault)
{
    int64_t left_ms = engine->retry_at_ms == 0 ? 0 : engine->retry_at_ms - engine_elapsed_ms(engine);
    if (left_ms > 0)
        return wait_for_retry(engine, left_ms, fault);
    engine_forget_batch(engine);
    enum status status = take_back(engine, fault);
    engine_forget_batch(engine);
    engine->turn_is_over = true;
    if (status == STATUS_OK) {
        engine->needs_recovery = false;
        engine_wait_for(engine, STATUS_OK, NULL);
        return STATUS_OK;
    }
    if (status == STATUS_ARENA_FULL)
        return fault_set(fault, STATUS_SYSTEM, "arena", "too small for %zu partitions", engine->partition_count);
    back_off(engine);
    if (status_class(status) == STATUS_CLASS_RETRY)
        engine_wait_for(engine, status, fault);
    return status;
}
