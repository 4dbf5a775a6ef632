#include "consumers/engine_state.h"

void engine_forget_batch(struct engine *engine)
{
    for (size_t i = 0; i < engine->partition_count; i++)
        engine->partitions[i].view = NULL;
    engine->items = NULL;
    engine->about = NULL;
    engine->item_count = engine->write_count = 0;
    engine->outputs = (struct outputs){ .arena = engine->arena };
    arena_reset(engine->arena);
}

static struct stage_turn turn_of(struct engine *engine, const struct log_record *record, struct fault *fault)
{
    return (struct stage_turn){ .arena = engine->arena,
        .now = engine->config.time_of_record ? record->appended_at : engine->now,
        .view = &engine->view,
        .outputs = &engine->outputs,
        .fault = fault };
}

/* ---- Decode ---- */

static enum status join_batch(struct engine *engine, struct partition *partition)
{
    struct text offsets = { partition->offsets, partition->offsets_length };
    if (partition->view != NULL)
        return STATUS_OK;
    memcpy(partition->batch_next, partition->next, sizeof partition->next);
    return view_add_partition(&engine->view, partition->id, offsets, &partition->view);
}

static enum status keep_refusal(struct engine *engine, struct item *item, const struct fault *why)
{
    item->refusal = ARENA_NEW(engine->arena, struct fault);
    if (item->refusal == NULL)
        return STATUS_ARENA_FULL;
    *item->refusal = *why;
    return STATUS_OK;
}

static enum status decode_item(struct engine *engine, struct item *item, struct fault *fault)
{
    struct stage_turn turn = turn_of(engine, item->record, fault);
    struct view_entry *entry;
    if (engine->refuse_largest) {
        fault_set(fault, STATUS_TOO_LARGE, "record", "needs more memory than a batch may take");
        return keep_refusal(engine, item, fault);
    }
    enum status status = engine->stage->ops->decode(engine->stage, &turn, item->record, &item->input, &item->key);
    if (status == STATUS_OK)
        return view_want(&engine->view, item->partition->view, &item->key, &entry);
    fault->status = status;
    return status_class(status) == STATUS_CLASS_REJECT ? keep_refusal(engine, item, fault) : status;
}

static enum status take_item(struct engine *engine, struct item *item, struct fault *fault)
{
    struct partition *partition = item->partition;
    if (partition->is_stopped)
        return STATUS_OK;
    *fault = (struct fault){ .status = STATUS_OK };
    if (join_batch(engine, partition) != STATUS_OK)
        return STATUS_ARENA_FULL;
    partition->batch_next[item->record->topic] = item->record->offset + 1;
    enum status status = decode_item(engine, item, fault);
    if (status_class(status) != STATUS_CLASS_STOP)
        return status;
    engine_stop_partition(engine, partition, fault);
    return STATUS_OK;
}

static size_t batch_size(const struct engine *engine)
{
    if (engine->refuse_largest)
        return 1;
    return engine->held_count < engine->batch_limit ? engine->held_count : engine->batch_limit;
}

enum status engine_decode(struct engine *engine, struct fault *fault)
{
    engine_forget_batch(engine);
    engine->now = engine->config.clock.now(engine->config.clock.context);
    engine->item_count = batch_size(engine);
    engine->items = ARENA_ARRAY(engine->arena, engine->item_count, struct item);
    if (engine->items == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < engine->item_count; i++) {
        const struct log_record *record = &engine->held[engine->held_first + i];
        engine->items[i].record = record;
        engine->items[i].partition = engine->by_id[record->partition];
    }
    enum status status = view_begin(&engine->view, engine->arena, engine->store, engine->item_count);
    for (size_t i = 0; i < engine->item_count && status == STATUS_OK; i++)
        status = take_item(engine, &engine->items[i], fault);
    engine->step = ENGINE_STEP_READ;
    return status;
}

/* ---- Read ---- */

enum status engine_read(struct engine *engine, struct fault *fault)
{
    engine->step = ENGINE_STEP_APPLY;
    return engine->view.partition_count == 0 ? STATUS_OK : view_load(&engine->view, fault);
}

/* ---- Apply ---- */

static enum status refuse(struct engine *engine, struct stage_turn *turn, const struct item *item)
{
    if (item->partition->is_live)
        engine_count(engine, ENGINE_METRIC_rejections, 1);
    return engine->stage->ops->reject(engine->stage, turn, item->record);
}

/* Before the partition is stopped, what somebody will need to find out why. */
static void tell_witness(struct engine *engine, struct stage_turn *turn, const struct log_record *record)
{
    const struct stage_ops *ops = engine->stage->ops;
    struct outputs records = { .arena = engine->arena };
    if (engine->config.witness.tell == NULL || ops->evidence == NULL
        || ops->evidence(engine->stage, turn, record, &records) != STATUS_OK)
        return;
    const struct engine_evidence evidence = { .engine = engine->config.name,
        .topic = engine->topics[record->topic],
        .partition = record->partition,
        .offset = record->offset,
        .records = records.items,
        .count = records.count };
    engine->config.witness.tell(engine->config.witness.context, &evidence);
}

static enum status fold_item(struct engine *engine, struct item *item, struct fault *fault)
{
    struct stage_turn turn = turn_of(engine, item->record, fault);
    if (item->refusal != NULL) {
        *fault = *item->refusal;
        return refuse(engine, &turn, item);
    }
    enum status status = engine->stage->ops->apply(engine->stage, &turn, item->record, item->input);
    engine->about = turn.about;
    if (status == STATUS_INVARIANT_BROKEN)
        tell_witness(engine, &turn, item->record);
    if (status_class(status) != STATUS_CLASS_REJECT)
        return status;
    engine->outputs.count = item->first_output;
    fault->status = status;
    return refuse(engine, &turn, item);
}

/* The batch is thrown away and the partition rebuilt; a stopped one is no reason to disturb the others. */
static enum status note_damage(struct engine *engine, struct partition *partition, const struct fault *fault)
{
    engine_note_damage(engine, partition, fault);
    return partition->is_stopped ? STATUS_OK : STATUS_BAD_STATE;
}

static enum status apply_item(struct engine *engine, struct item *item, struct fault *fault)
{
    if (item->partition->is_stopped)
        return STATUS_OK;
    *fault = (struct fault){ .status = STATUS_OK };
    item->first_output = engine->outputs.count;
    enum status status = fold_item(engine, item, fault);
    if (status_class(status) == STATUS_CLASS_STOP) {
        fault->status = status;
        engine_stop_partition(engine, item->partition, fault);
        status = STATUS_OK;
    }
    if (status == STATUS_BAD_STATE)
        status = note_damage(engine, item->partition, fault);
    if (!item->partition->is_live || item->partition->is_stopped)
        engine->outputs.count = item->first_output; /* out already, in its time; or never to leave */
    item->output_count = engine->outputs.count - item->first_output;
    return status;
}

/* What a partition wrote earlier in the batch in which it was stopped must not leave either. */
static void drop_outputs_of_stopped(struct engine *engine)
{
    struct log_output *outputs = engine->outputs.items;
    size_t kept = 0;
    for (size_t i = 0; i < engine->item_count; i++) {
        const struct item *item = &engine->items[i];
        if (item->partition->is_stopped || item->output_count == 0)
            continue;
        memmove(outputs + kept, outputs + item->first_output, item->output_count * sizeof *outputs);
        kept += item->output_count;
    }
    engine->outputs.count = kept;
}

enum status engine_apply(struct engine *engine, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < engine->item_count && status == STATUS_OK; i++)
        status = apply_item(engine, &engine->items[i], fault);
    drop_outputs_of_stopped(engine);
    engine->step = ENGINE_STEP_ENCODE;
    return status;
}

/* ---- Encode: before the commit, so that nothing after it can run out of memory ---- */

static size_t count_changed(const struct view_partition *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->entry_count; i++)
        count += view->entries[i]->changed;
    return count;
}

static enum status encode_items(struct engine *engine, const struct view_partition *view, struct store_write *write)
{
    struct store_item *items = ARENA_ARRAY(engine->arena, count_changed(view), struct store_item);
    if (items == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < view->entry_count; i++) {
        const struct view_entry *entry = view->entries[i];
        struct store_item *item = &items[write->count];
        if (!entry->changed)
            continue;
        enum status status = engine->stage->ops->encode(engine->stage, engine->arena, entry, &item->value);
        if (status != STATUS_OK)
            return status;
        item->key = entry->key;
        item->is_new = text_is_empty(entry->bytes);
        write->count++;
    }
    write->items = items;
    return STATUS_OK;
}

static enum status encode_partition(struct engine *engine, const struct partition *partition)
{
    char buffer[ENGINE_OFFSETS_SIZE];
    struct store_write *write = &engine->writes[engine->write_count];
    size_t length = engine_offsets_format(engine->topics, partition->batch_next, buffer);
    char *offsets = arena_copy(engine->arena, buffer, length);
    if (offsets == NULL)
        return STATUS_ARENA_FULL;
    *write = (struct store_write){
        .partition = partition->id, .expected_offsets = partition->view->offsets, .offsets = { offsets, length }
    };
    enum status status = encode_items(engine, partition->view, write);
    if (status == STATUS_OK)
        engine->write_count++;
    return status;
}

enum status engine_encode(struct engine *engine, struct fault *fault)
{
    (void)fault;
    engine->writes = ARENA_ARRAY(engine->arena, engine->partition_count, struct store_write);
    if (engine->writes == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < engine->partition_count; i++) {
        const struct partition *partition = &engine->partitions[i];
        if (partition->view == NULL || partition->is_stopped)
            continue;
        enum status status = encode_partition(engine, partition);
        if (status != STATUS_OK)
            return status;
    }
    engine->step = ENGINE_STEP_COMMIT;
    return STATUS_OK;
}

/* ---- Commit ---- */

/* Only what is live moves the group's offsets: those of a replay were committed in their time. */
static size_t fill_positions(const struct engine *engine, struct log_position *positions)
{
    size_t count = 0;
    for (size_t i = 0; i < engine->partition_count; i++) {
        const struct partition *partition = &engine->partitions[i];
        if (partition->view == NULL || partition->is_stopped || !partition->is_live)
            continue;
        for (int topic = 0; topic < engine->topic_count; topic++)
            if (partition->batch_next[topic] != partition->next[topic])
                positions[count++] = (struct log_position){ topic, partition->id, partition->batch_next[topic] };
    }
    return count;
}

static enum status commit(
    struct engine *engine, const struct log_position *positions, size_t count, struct fault *fault)
{
    const struct outputs *outputs = &engine->outputs;
    enum status status = engine->log->ops->commit(engine->log, outputs->items, outputs->count, positions, count, fault);
    if (status == STATUS_OK)
        engine_count(engine, ENGINE_METRIC_outputs, outputs->count);
    return status == STATUS_KAFKA_UNREACHABLE ? STATUS_TRANSACTION_FAILED : status;
}

enum status engine_commit(struct engine *engine, struct fault *fault)
{
    size_t most = engine->partition_count * (size_t)engine->topic_count;
    struct log_position *positions = ARENA_ARRAY(engine->arena, most, struct log_position);
    if (positions == NULL)
        return STATUS_ARENA_FULL;
    size_t count = fill_positions(engine, positions);
    engine->step = ENGINE_STEP_WRITE;
    return count == 0 ? STATUS_OK : commit(engine, positions, count, fault);
}

/* ---- Write ---- */

static void adopt(struct engine *engine, const struct store_write *write)
{
    struct partition *partition = engine->by_id[write->partition];
    memcpy(partition->next, partition->batch_next, sizeof partition->next);
    memcpy(partition->offsets, write->offsets.at, write->offsets.length);
    partition->offsets_length = write->offsets.length;
}

static enum status check_writes(struct engine *engine, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < engine->write_count; i++) {
        const struct store_write *write = &engine->writes[i];
        if (write->ret_status == STATUS_OK)
            adopt(engine, write);
        else
            status = fault_set(fault, write->ret_status, "store.write", "partition %d", (int)write->partition);
    }
    return status;
}

static void finish_batch(struct engine *engine)
{
    size_t count = engine->item_count, replayed = 0;
    for (size_t i = 0; i < count; i++)
        replayed += !engine->items[i].partition->is_live;
    engine_count(engine, ENGINE_METRIC_records, count);
    engine_count(engine, ENGINE_METRIC_replayed, replayed);
    engine_count(engine, ENGINE_METRIC_batches, 1);
    engine_forget_batch(engine);
    engine_drop_held(engine, count);
    for (size_t i = 0; i < engine->partition_count; i++)
        engine_wake_partition(engine, &engine->partitions[i]);
    engine->refuse_largest = false;
    engine->backoff_ms = 0;
    size_t most = engine->config.batch_records_max;
    engine->batch_limit = engine->batch_limit * 2 < most ? engine->batch_limit * 2 : most;
    engine->turn_is_over = true;
}

enum status engine_write(struct engine *engine, struct fault *fault)
{
    enum status status = STATUS_OK;
    if (engine->write_count != 0)
        status = engine->store->ops->write(engine->store, engine->writes, engine->write_count, fault);
    if (status == STATUS_OK)
        status = check_writes(engine, fault);
    if (status == STATUS_OK)
        finish_batch(engine);
    return status;
}
