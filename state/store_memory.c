#include "state/store_memory.h"

#include <stdlib.h>
#include <uthash.h>

struct entry {
    struct store_key key;
    char *bytes;
    size_t length;
    UT_hash_handle hh;
};

struct memory_partition {
    int32_t id;
    char *offsets; /* NULL: never written */
    size_t offsets_length;
    struct entry *entries;
    struct store_key *sorted; /* for scan; rebuilt when `is_sorted` is false */
    bool is_sorted;
    UT_hash_handle hh;
};

struct store_memory {
    struct store store;
    struct memory_partition *partitions;
};

static struct store_memory *memory_of(struct store *store)
{
    return (struct store_memory *)store;
}

/* Memory is the one resource of this store; running out of it ends the process as anywhere else in a test. */
static void *must(void *memory)
{
    CHECK(memory != NULL);
    return memory;
}

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = must(malloc(length + 1));
    if (length != 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

static struct memory_partition *find(const struct store_memory *memory, int32_t id)
{
    struct memory_partition *partition;
    HASH_FIND(hh, memory->partitions, &id, sizeof id, partition);
    return partition;
}

static struct memory_partition *find_or_add(struct store_memory *memory, int32_t id)
{
    struct memory_partition *partition = find(memory, id);
    if (partition != NULL)
        return partition;
    partition = must(calloc(1, sizeof *partition));
    partition->id = id;
    HASH_ADD(hh, memory->partitions, id, sizeof partition->id, partition);
    return partition;
}

static struct text offsets_of(const struct memory_partition *partition)
{
    if (partition == NULL || partition->offsets == NULL)
        return TEXT_EMPTY;
    return (struct text){ partition->offsets, partition->offsets_length };
}

static enum status copy_text(struct arena *arena, struct text from, struct text *ret_text)
{
    char *copy = arena_copy(arena, from.at, from.length);
    if (copy == NULL)
        return STATUS_ARENA_FULL;
    *ret_text = (struct text){ copy, from.length };
    return STATUS_OK;
}

static enum status read_partition(const struct store_memory *memory, struct arena *arena, struct store_read *read)
{
    const struct memory_partition *partition = find(memory, read->partition);
    for (size_t i = 0; i < read->count; i++) {
        struct entry *entry = NULL;
        if (partition != NULL)
            HASH_FIND(hh, partition->entries, &read->keys[i], sizeof read->keys[i], entry);
        struct text value = entry == NULL ? TEXT_EMPTY : (struct text){ entry->bytes, entry->length };
        if (copy_text(arena, value, &read->ret_values[i]) != STATUS_OK)
            return STATUS_ARENA_FULL;
    }
    return copy_text(arena, offsets_of(partition), &read->ret_offsets);
}

static enum status memory_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++)
        if (read_partition(memory_of(store), arena, &reads[i]) != STATUS_OK)
            return fault_set(fault, STATUS_ARENA_FULL, "store.read", "%zu partitions", count);
    return STATUS_OK;
}

static void remove_entry(struct memory_partition *partition, struct entry *entry)
{
    HASH_DEL(partition->entries, entry);
    free(entry->bytes);
    free(entry);
    partition->is_sorted = false;
}

static void put(struct memory_partition *partition, const struct store_key *key, struct text value)
{
    struct entry *entry;
    HASH_FIND(hh, partition->entries, key, sizeof *key, entry);
    if (value.length == 0) {
        if (entry != NULL)
            remove_entry(partition, entry);
        return;
    }
    if (entry == NULL) {
        entry = must(calloc(1, sizeof *entry));
        entry->key = *key;
        HASH_ADD(hh, partition->entries, key, sizeof entry->key, entry);
        partition->is_sorted = false;
    }
    free(entry->bytes);
    entry->bytes = copy_bytes(value.at, value.length);
    entry->length = value.length;
}

static void set_offsets(struct memory_partition *partition, struct text offsets)
{
    free(partition->offsets);
    partition->offsets = copy_bytes(offsets.at, offsets.length);
    partition->offsets_length = offsets.length;
}

static enum status memory_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    (void)fault;
    for (size_t i = 0; i < count; i++) {
        struct store_write *write = &writes[i];
        struct memory_partition *partition = find_or_add(memory_of(store), write->partition);
        write->ret_status = STATUS_STORE_MOVED_ON;
        if (!text_equal(offsets_of(partition), write->expected_offsets))
            continue;
        for (size_t item = 0; item < write->count; item++)
            put(partition, &write->items[item].key, write->items[item].value);
        set_offsets(partition, write->offsets);
        write->ret_status = STATUS_OK;
    }
    return STATUS_OK;
}

static int key_order(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct store_key));
}

static void sort_keys(struct memory_partition *partition)
{
    size_t count = 0;
    free(partition->sorted);
    partition->sorted = must(malloc((HASH_COUNT(partition->entries) + 1) * sizeof *partition->sorted));
    for (struct entry *entry = partition->entries; entry != NULL; entry = entry->hh.next)
        partition->sorted[count++] = entry->key;
    qsort(partition->sorted, count, sizeof *partition->sorted, key_order);
    partition->is_sorted = true;
}

/* The first of the sorted keys that is greater than `after`. */
static size_t first_after(const struct memory_partition *partition, const struct store_key *after)
{
    size_t low = 0, high = HASH_COUNT(partition->entries);
    while (after != NULL && low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_order(&partition->sorted[middle], after) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static enum status memory_scan(struct store *store, int32_t id, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    (void)fault;
    struct memory_partition *partition = find_or_add(memory_of(store), id);
    if (!partition->is_sorted)
        sort_keys(partition);
    size_t first = first_after(partition, after), left = HASH_COUNT(partition->entries) - first;
    size_t count = left < limit ? left : limit;
    if (count != 0)
        memcpy(ret_keys, partition->sorted + first, count * sizeof *ret_keys);
    *ret_count = count;
    return STATUS_OK;
}

static enum status memory_ping(struct store *store, struct fault *fault)
{
    (void)store;
    (void)fault;
    return STATUS_OK;
}

void store_memory_clear(struct store *store)
{
    struct memory_partition *partition, *next;
    HASH_ITER(hh, memory_of(store)->partitions, partition, next)
    {
        struct entry *entry, *next_entry;
        HASH_ITER(hh, partition->entries, entry, next_entry)
        remove_entry(partition, entry);
        HASH_DEL(memory_of(store)->partitions, partition);
        free(partition->offsets);
        free(partition->sorted);
        free(partition);
    }
}

void store_memory_restore(struct store *store, const struct store *snapshot)
{
    store_memory_clear(store);
    const struct memory_partition *from = ((const struct store_memory *)snapshot)->partitions;
    for (; from != NULL; from = from->hh.next) {
        struct memory_partition *to = find_or_add(memory_of(store), from->id);
        if (from->offsets != NULL)
            set_offsets(to, offsets_of(from));
        for (const struct entry *entry = from->entries; entry != NULL; entry = entry->hh.next)
            put(to, &entry->key, (struct text){ entry->bytes, entry->length });
    }
}

struct store *store_memory_copy(const struct store *store)
{
    struct store *copy = store_memory_new();
    if (copy != NULL)
        store_memory_restore(copy, store);
    return copy;
}

static void memory_free(struct store *store)
{
    store_memory_clear(store);
    free(store);
}

struct store *store_memory_new(void)
{
    static const struct store_ops ops = {
        .read = memory_read, .write = memory_write, .scan = memory_scan, .ping = memory_ping, .free = memory_free
    };
    struct store_memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return NULL;
    memory->store.ops = &ops;
    return &memory->store;
}
