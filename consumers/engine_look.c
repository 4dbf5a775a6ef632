#include "consumers/engine_state.h"

/* A worker with something to do meets the store with every batch. One without would not hear of it for hours that Redis
 * is gone, or empty, and meanwhile whoever reads there finds nothing. */
#define LOOK_MS 5000

static bool is_settled(const struct engine *engine)
{
    for (size_t i = 0; i < engine->partition_count; i++)
        if (!engine->partitions[i].is_live && !engine->partitions[i].is_stopped)
            return false;
    return engine->is_assigned && engine->partition_count != 0;
}

static enum status compare(struct engine *engine, const struct store_read *reads, struct fault *fault)
{
    for (size_t i = 0; i < engine->partition_count; i++) {
        const struct partition *partition = &engine->partitions[i];
        struct text expected = { partition->offsets, partition->offsets_length };
        if (!partition->is_stopped && !text_equal(reads[i].ret_offsets, expected))
            return fault_set(fault, STATUS_STORE_MOVED_ON, "store.look", "partition %d", (int)partition->id);
    }
    return STATUS_AGAIN;
}

enum status engine_read_offsets(struct engine *engine, struct store_read **ret_reads, struct fault *fault)
{
    struct store_read *reads = ARENA_ARRAY(engine->arena, engine->partition_count, struct store_read);
    if (reads == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < engine->partition_count; i++)
        reads[i].partition = engine->partitions[i].id;
    enum status status = engine->store->ops->read(engine->store, engine->arena, reads, engine->partition_count, fault);
    if (status == STATUS_OK)
        *ret_reads = reads;
    return status;
}

enum status engine_look(struct engine *engine, struct fault *fault)
{
    int64_t now_ms = engine_elapsed_ms(engine);
    if (now_ms - engine->looked_at_ms < LOOK_MS || !is_settled(engine))
        return STATUS_AGAIN;
    engine->looked_at_ms = now_ms;
    engine_forget_batch(engine);
    struct store_read *reads = NULL;
    enum status status = engine_read_offsets(engine, &reads, fault);
    return status == STATUS_OK ? compare(engine, reads, fault) : status;
}
