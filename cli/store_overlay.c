#include "cli/store_overlay.h"

#include <stdlib.h>

/** Redis does not say how many partitions there are: all that there can be are asked, some at a time. */
#define PARTITIONS_AT_ONCE 64
#define PARTITIONS_MAX 1024
#define PROBE_ARENA_BYTES ((size_t)4 << 20)

/* Values written here begin with this, so that of a key deleted here something is left, and it does not come back from
 * below. */
#define MARK 'w'

struct store_overlay {
    struct store store;
    struct store *base;
    struct store *written; /* in memory */
    int32_t partitions[PARTITIONS_MAX];
    size_t partition_count;
};

static struct store_overlay *overlay_of(struct store *store)
{
    return (struct store_overlay *)store;
}

/* ---- Reading ---- */

/* What a read did not find among what was written here: where it stands in the read, and its key. */
struct missing {
    struct store_key *keys;
    size_t *places;
    size_t count;
};

static enum status collect_missing(struct arena *arena, struct store_read *read, struct missing *missing)
{
    missing->keys = ARENA_ARRAY(arena, read->count, struct store_key);
    missing->places = ARENA_ARRAY(arena, read->count, size_t);
    if (missing->keys == NULL || missing->places == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < read->count; i++) {
        struct text *value = &read->ret_values[i];
        if (text_is_empty(*value)) {
            missing->keys[missing->count] = read->keys[i];
            missing->places[missing->count++] = i;
        } else
            *value = (struct text){ value->at + 1, value->length - 1 };
    }
    return STATUS_OK;
}

static enum status read_below(
    struct store_overlay *overlay, struct arena *arena, struct store_read *read, struct fault *fault)
{
    struct missing missing = { .count = 0 };
    size_t partitions = overlay->partition_count;
    enum status status = collect_missing(arena, read, &missing);
    if (status != STATUS_OK || missing.count == 0 || partitions == 0)
        return status;
    struct store_read *reads = ARENA_ARRAY(arena, partitions, struct store_read);
    struct text *values = ARENA_ARRAY(arena, partitions * missing.count, struct text);
    if (reads == NULL || values == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < partitions; i++)
        reads[i] = (struct store_read){ .partition = overlay->partitions[i],
            .keys = missing.keys,
            .count = missing.count,
            .ret_values = values + i * missing.count };
    status = overlay->base->ops->read(overlay->base, arena, reads, partitions, fault);
    for (size_t i = 0; status == STATUS_OK && i < partitions * missing.count; i++)
        if (!text_is_empty(values[i]))
            read->ret_values[missing.places[i % missing.count]] = values[i];
    return status;
}

static enum status overlay_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct store_overlay *overlay = overlay_of(store);
    enum status status = overlay->written->ops->read(overlay->written, arena, reads, count, fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = read_below(overlay, arena, &reads[i], fault);
    return status;
}

/* ---- Writing ---- */

static enum status mark_item(struct arena *arena, const struct store_item *item, struct store_item *ret_item)
{
    char *marked = arena_take(arena, item->value.length + 1);
    if (marked == NULL)
        return STATUS_ARENA_FULL;
    marked[0] = MARK;
    if (item->value.length > 0)
        memcpy(marked + 1, item->value.at, item->value.length);
    *ret_item = *item;
    ret_item->value = (struct text){ marked, item->value.length + 1 };
    return STATUS_OK;
}

static size_t bytes_of(const struct store_write *write)
{
    size_t bytes = 0;
    for (size_t i = 0; i < write->count; i++)
        bytes += sizeof write->items[i] + write->items[i].value.length + 64;
    return bytes;
}

static enum status write_marked(
    struct store_overlay *overlay, struct arena *arena, struct store_write *write, struct fault *fault)
{
    struct store_item *items = ARENA_ARRAY(arena, write->count, struct store_item);
    struct store_write marked = *write;
    enum status status = items == NULL ? STATUS_ARENA_FULL : STATUS_OK;
    for (size_t i = 0; i < write->count && status == STATUS_OK; i++)
        status = mark_item(arena, &write->items[i], &items[i]);
    if (status != STATUS_OK)
        return status;
    marked.items = items;
    status = overlay->written->ops->write(overlay->written, &marked, 1, fault);
    write->ret_status = marked.ret_status;
    return status;
}

static enum status overlay_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct arena *arena = arena_new(bytes_of(&writes[i]) + 4096);
        CHECK(arena != NULL);
        status = write_marked(overlay_of(store), arena, &writes[i], fault);
        arena_free(arena);
    }
    return status;
}

/* ---- The rest ---- */

static enum status overlay_scan(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    (void)store, (void)partition, (void)after, (void)limit, (void)ret_keys, (void)ret_count;
    return fault_set(fault, STATUS_SYSTEM, "", "an overlay is read by key only");
}

static enum status overlay_ping(struct store *store, struct fault *fault)
{
    return overlay_of(store)->base->ops->ping(overlay_of(store)->base, fault);
}

static void overlay_free(struct store *store)
{
    struct store_overlay *overlay = overlay_of(store);
    overlay->base->ops->free(overlay->base);
    overlay->written->ops->free(overlay->written);
    free(overlay);
}

/* ---- Opening ---- */

static enum status probe_some(struct store_overlay *overlay, struct arena *arena, int32_t first, struct fault *fault)
{
    struct store_read reads[PARTITIONS_AT_ONCE];
    static const struct store_key nobody;
    struct text values[PARTITIONS_AT_ONCE];
    for (int32_t i = 0; i < PARTITIONS_AT_ONCE; i++)
        reads[i] = (struct store_read){ .partition = first + i, .keys = &nobody, .count = 1, .ret_values = &values[i] };
    enum status status = overlay->base->ops->read(overlay->base, arena, reads, PARTITIONS_AT_ONCE, fault);
    for (int32_t i = 0; status == STATUS_OK && i < PARTITIONS_AT_ONCE; i++)
        if (!text_is_empty(reads[i].ret_offsets))
            overlay->partitions[overlay->partition_count++] = first + i;
    return status;
}

static enum status probe(struct store_overlay *overlay, struct fault *fault)
{
    enum status status = STATUS_OK;
    struct arena *arena = arena_new(PROBE_ARENA_BYTES);
    CHECK(arena != NULL);
    for (int32_t first = 0; first < PARTITIONS_MAX && status == STATUS_OK; first += PARTITIONS_AT_ONCE)
        status = probe_some(overlay, arena, first, fault);
    arena_free(arena);
    return status;
}

enum status store_overlay_new(struct store *base, struct store **ret_store, struct fault *fault)
{
    static const struct store_ops ops = {
        .read = overlay_read, .write = overlay_write, .scan = overlay_scan, .ping = overlay_ping, .free = overlay_free
    };
    struct store_overlay *overlay = calloc(1, sizeof *overlay);
    CHECK(overlay != NULL);
    overlay->store.ops = &ops;
    overlay->base = base;
    overlay->written = store_memory_new();
    CHECK(overlay->written != NULL);
    enum status status = probe(overlay, fault);
    if (status == STATUS_OK)
        *ret_store = &overlay->store;
    else
        overlay_free(&overlay->store);
    return status;
}
