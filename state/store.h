/** Where a partition's values live between batches: Redis, or memory for `replay` and the simulation.
 *
 *  A store holds, per partition, an opaque `offsets` text and values under 16-byte keys (keyed hashes: a store never
 *  sees an identity number). One write per partition is atomic and happens only if `offsets` still is what the batch
 *  read: a fenced, frozen or forgotten worker changes nothing. Kafka commits first, so a store is equal to or behind
 *  Kafka. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct store_key {
    uint8_t bytes[16];
};

/** One partition's part of a read. The caller lends `keys` and owns the result arrays; the texts live in the arena. */
struct store_read {
    int32_t partition;
    const struct store_key *keys;
    size_t count;
    struct text *ret_values; /* `count` of them; an absent key gives the empty text */
    struct text ret_offsets; /* empty when the partition was never written */
};

struct store_item {
    struct store_key key;
    struct text value; /* empty: delete the key */
    bool is_new;       /* the read found nothing here: the store enters the key into its index of keys */
};

/** One partition's part of a write: all of it, or nothing. */
struct store_write {
    int32_t partition;
    struct text expected_offsets; /* what the batch read */
    struct text offsets;          /* what stands there afterwards */
    const struct store_item *items;
    size_t count;
    enum status ret_status; /* OK, or STORE_MOVED_ON: this partition was left untouched */
};

struct store;

struct store_ops {
    /** Reads offsets and values of all partitions named, in one round trip. May block up to the store's time-out.
     *  OK; STORE_UNREACHABLE (nothing read; the connection was closed and the next call opens a new one);
     *  ARENA_FULL. */
    enum status (*read)(
        struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault);

    /** Writes each partition atomically, all in one round trip. OK: look at each `ret_status`. STORE_UNREACHABLE: each
     *  partition may or may not have been written (the compare-and-set of the next batch tells). */
    enum status (*write)(struct store *store, struct store_write *writes, size_t count, struct fault *fault);

    /** The keys of a partition that follow `after` bytewise (NULL: from the first), at most `limit`, in order.
     *  For what must visit everybody: closing a month, rebuild, verify. */
    enum status (*scan)(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
        struct store_key *ret_keys, size_t *ret_count, struct fault *fault);

    /** Whether it answers and takes writes: OK or STORE_UNREACHABLE. */
    enum status (*ping)(struct store *store, struct fault *fault);

    void (*free)(struct store *store);
};

/** Every implementation begins with this. */
struct store {
    const struct store_ops *ops;
};

/** Keeps everything in this process; one thread. NULL when out of memory. The caller owns it. state/store_memory.h has
 *  what only tests and the simulation need. */
struct store *store_memory_new(void);
