#include "consumers/view.h"

#define SLOTS_MIN 64

enum status view_begin(struct view *view, struct arena *arena, struct store *store, size_t expected_entries)
{
    size_t slot_count = SLOTS_MIN;
    while (slot_count < expected_entries * 2)
        slot_count *= 2;
    *view = (struct view){ .arena = arena, .store = store, .slot_count = slot_count };
    view->slots = ARENA_ARRAY(arena, slot_count, struct view_entry *);
    return view->slots == NULL ? STATUS_ARENA_FULL : STATUS_OK;
}

/* An array that doubles; NULL when the arena is full. */
static void *grown(struct view *view, void *items, size_t count, size_t *capacity)
{
    if (count < *capacity)
        return items;
    size_t doubled = *capacity == 0 ? 16 : *capacity * 2;
    void *larger = arena_grow(view->arena, items, count, doubled, sizeof(void *));
    if (larger != NULL)
        *capacity = doubled;
    return larger;
}

enum status view_add_partition(
    struct view *view, int32_t id, struct text offsets, struct view_partition **ret_partition)
{
    struct view_partition **partitions =
        grown(view, view->partitions, view->partition_count, &view->partition_capacity);
    struct view_partition *partition = ARENA_NEW(view->arena, struct view_partition);
    if (partitions == NULL || partition == NULL)
        return STATUS_ARENA_FULL;
    *partition = (struct view_partition){ .id = id, .offsets = offsets };
    view->partitions = partitions;
    view->partitions[view->partition_count++] = partition;
    *ret_partition = partition;
    return STATUS_OK;
}

/* Keys are keyed hashes already; the mixing is for those of tests, which count upwards. */
static size_t hash(int32_t partition, const struct store_key *key)
{
    uint64_t low, high;
    memcpy(&low, key->bytes, sizeof low);
    memcpy(&high, key->bytes + sizeof low, sizeof high);
    uint64_t mixed = (low ^ (uint64_t)(uint32_t)partition) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 32) ^ high) * UINT64_C(0xd6e8feb86659fd93);
    return (size_t)(mixed ^ (mixed >> 32));
}

/* The slot where this key stands, or the free one where it belongs. */
static struct view_entry **slot_of(const struct view *view, int32_t partition, const struct store_key *key)
{
    size_t at = hash(partition, key) & (view->slot_count - 1);
    for (;;) {
        const struct view_entry *entry = view->slots[at];
        if (entry == NULL)
            return &view->slots[at];
        if (entry->partition == partition && memcmp(&entry->key, key, sizeof *key) == 0)
            return &view->slots[at];
        at = (at + 1) & (view->slot_count - 1);
    }
}

static enum status widen(struct view *view)
{
    struct view_entry **old = view->slots;
    size_t old_count = view->slot_count;
    view->slots = ARENA_ARRAY(view->arena, old_count * 2, struct view_entry *);
    if (view->slots == NULL) {
        view->slots = old;
        return STATUS_ARENA_FULL;
    }
    view->slot_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++)
        if (old[i] != NULL)
            *slot_of(view, old[i]->partition, &old[i]->key) = old[i];
    return STATUS_OK;
}

static enum status add_entry(
    struct view *view, struct view_partition *partition, const struct store_key *key, struct view_entry **ret_entry)
{
    if ((view->entry_count + 1) * 2 > view->slot_count && widen(view) != STATUS_OK)
        return STATUS_ARENA_FULL;
    struct view_entry **entries = grown(view, partition->entries, partition->entry_count, &partition->entry_capacity);
    struct view_entry *entry = ARENA_NEW(view->arena, struct view_entry);
    if (entries == NULL || entry == NULL)
        return STATUS_ARENA_FULL;
    *entry = (struct view_entry){ .partition = partition->id, .key = *key, .bytes = TEXT_EMPTY };
    partition->entries = entries;
    partition->entries[partition->entry_count++] = entry;
    *slot_of(view, partition->id, key) = entry;
    view->entry_count++;
    *ret_entry = entry;
    return STATUS_OK;
}

enum status view_want(
    struct view *view, struct view_partition *partition, const struct store_key *key, struct view_entry **ret_entry)
{
    struct view_entry *entry = *slot_of(view, partition->id, key);
    if (entry == NULL)
        return add_entry(view, partition, key, ret_entry);
    *ret_entry = entry;
    return STATUS_OK;
}

static enum status fill_read(struct view *view, const struct view_partition *partition, struct store_read *ret_read)
{
    struct store_key *keys = ARENA_ARRAY(view->arena, partition->entry_count, struct store_key);
    struct text *values = ARENA_ARRAY(view->arena, partition->entry_count, struct text);
    if (keys == NULL || values == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < partition->entry_count; i++)
        keys[i] = partition->entries[i]->key;
    *ret_read = (struct store_read){
        .partition = partition->id, .keys = keys, .count = partition->entry_count, .ret_values = values
    };
    return STATUS_OK;
}

static enum status check_offsets(
    const struct view_partition *partition, const struct store_read *read, struct fault *fault)
{
    if (text_equal(partition->offsets, read->ret_offsets))
        return STATUS_OK;
    return fault_set(fault, STATUS_STORE_MOVED_ON, "store.read", "partition %d", (int)partition->id);
}

enum status view_load(struct view *view, struct fault *fault)
{
    struct store_read *reads = ARENA_ARRAY(view->arena, view->partition_count, struct store_read);
    if (reads == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < view->partition_count; i++)
        if (fill_read(view, view->partitions[i], &reads[i]) != STATUS_OK)
            return STATUS_ARENA_FULL;
    enum status status = view->store->ops->read(view->store, view->arena, reads, view->partition_count, fault);
    for (size_t i = 0; i < view->partition_count && status == STATUS_OK; i++) {
        const struct view_partition *partition = view->partitions[i];
        status = check_offsets(partition, &reads[i], fault);
        for (size_t entry = 0; entry < partition->entry_count; entry++)
            partition->entries[entry]->bytes = reads[i].ret_values[entry];
    }
    return status;
}

static struct view_partition *find_partition(const struct view *view, int32_t id)
{
    for (size_t i = 0; i < view->partition_count; i++)
        if (view->partitions[i]->id == id)
            return view->partitions[i];
    return NULL;
}

/* The offsets are read again with the value: a store that was rolled back since must not mix its old values with new
 * ones. */
static enum status read_one(struct view *view, struct view_partition *partition, const struct store_key *key,
    struct text *ret_bytes, struct fault *fault)
{
    struct store_read read = { .partition = partition->id, .keys = key, .count = 1, .ret_values = ret_bytes };
    enum status status = view->store->ops->read(view->store, view->arena, &read, 1, fault);
    return status != STATUS_OK ? status : check_offsets(partition, &read, fault);
}

enum status view_get(
    struct view *view, int32_t id, const struct store_key *key, struct view_entry **ret_entry, struct fault *fault)
{
    struct view_entry *entry = *slot_of(view, id, key);
    if (entry != NULL) {
        *ret_entry = entry;
        return STATUS_OK;
    }
    struct view_partition *partition = find_partition(view, id);
    CHECK(
        partition != NULL); /* a stage asks for what its record's partition holds, and that partition is in the batch */
    struct text bytes;
    enum status status = read_one(view, partition, key, &bytes, fault);
    if (status != STATUS_OK)
        return status;
    status = add_entry(view, partition, key, &entry);
    if (status != STATUS_OK)
        return status;
    entry->bytes = bytes;
    *ret_entry = entry;
    return STATUS_OK;
}

enum status view_fetch(struct view *view, int32_t id, const struct store_key *keys, size_t count, struct fault *fault)
{
    struct view_partition *partition = find_partition(view, id);
    struct store_key *missing = ARENA_ARRAY(view->arena, count + 1, struct store_key);
    struct text *values = ARENA_ARRAY(view->arena, count + 1, struct text);
    CHECK(partition != NULL);
    if (missing == NULL || values == NULL)
        return STATUS_ARENA_FULL;
    struct store_read read = { .partition = id, .keys = missing, .ret_values = values };
    for (size_t i = 0; i < count; i++)
        if (*slot_of(view, id, &keys[i]) == NULL)
            missing[read.count++] = keys[i];
    enum status status =
        read.count == 0 ? STATUS_OK : view->store->ops->read(view->store, view->arena, &read, 1, fault);
    if (status == STATUS_OK && read.count != 0)
        status = check_offsets(partition, &read, fault);
    for (size_t i = 0; i < read.count && status == STATUS_OK; i++) {
        struct view_entry *entry;
        status = view_want(view, partition, &missing[i], &entry);
        if (status == STATUS_OK)
            entry->bytes = values[i];
    }
    return status;
}

/* Puts a key where it belongs among `*count` sorted ones of which at most `limit` are wanted. */
static void insert_key(struct store_key *keys, size_t *count, size_t limit, const struct store_key *key)
{
    size_t at = *count;
    while (at > 0 && memcmp(&keys[at - 1], key, sizeof *key) > 0)
        at--;
    if (at == limit)
        return;
    size_t moved = (*count < limit ? *count : limit - 1) - at;
    memmove(keys + at + 1, keys + at, moved * sizeof *keys);
    keys[at] = *key;
    *count = *count < limit ? *count + 1 : limit;
}

/* Keys come without offsets: that they are those of the values that the batch has read is asked afterwards. Whoever
 * stands there no more, because the store was emptied in between, would never be visited. */
static enum status check_scanned(struct view *view, const struct view_partition *partition, struct fault *fault)
{
    struct store_read read = { .partition = partition->id };
    enum status status = view->store->ops->read(view->store, view->arena, &read, 1, fault);
    return status != STATUS_OK ? status : check_offsets(partition, &read, fault);
}

enum status view_scan(struct view *view, int32_t id, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    const struct view_partition *partition = find_partition(view, id);
    CHECK(partition != NULL);
    enum status status = view->store->ops->scan(view->store, id, after, limit, ret_keys, ret_count, fault);
    if (status == STATUS_OK)
        status = check_scanned(view, partition, fault);
    for (size_t i = 0; status == STATUS_OK && i < partition->entry_count; i++) {
        const struct view_entry *entry = partition->entries[i];
        bool is_new = entry->changed && text_is_empty(entry->bytes);
        if (is_new && (after == NULL || memcmp(&entry->key, after, sizeof *after) > 0))
            insert_key(ret_keys, ret_count, limit, &entry->key);
    }
    return status;
}

enum status outputs_add(struct outputs *outputs, const struct log_output *output)
{
    if (outputs->count == outputs->capacity) {
        size_t doubled = outputs->capacity == 0 ? 64 : outputs->capacity * 2;
        void *grown_items = arena_grow(outputs->arena, outputs->items, outputs->count, doubled, sizeof *outputs->items);
        if (grown_items == NULL)
            return STATUS_ARENA_FULL;
        outputs->items = grown_items;
        outputs->capacity = doubled;
    }
    outputs->items[outputs->count++] = *output;
    return STATUS_OK;
}
