/** The values one batch works on: a table of (partition, key), filled in one round trip and grown by `view_get`.
 *  stage.h shows a stage its part of this; the engine uses the rest. Everything lives in the batch's arena. */
#pragma once

#include "consumers/stage.h"

struct view_partition {
    int32_t id;
    struct text offsets; /* what the store must say: a read that finds other offsets has met another worker's write */
    struct view_entry **entries; /* in order of first mention */
    size_t entry_count, entry_capacity;
};

struct view {
    struct arena *arena;
    struct store *store;
    struct view_partition **partitions; /* in order of first mention */
    size_t partition_count, partition_capacity;
    struct view_entry **slots; /* open addressing; a power of two, at most half full */
    size_t slot_count, entry_count;
};

/** Begins an empty view; `expected_entries` sizes its table. ARENA_FULL or OK. */
NODISCARD enum status view_begin(struct view *view, struct arena *arena, struct store *store, size_t expected_entries);
/** Names a partition of this batch, once, before its keys. ARENA_FULL or OK. */
NODISCARD enum status view_add_partition(
    struct view *view, int32_t id, struct text offsets, struct view_partition **ret_partition);
/** Asks for a key to be there after `view_load`; asking twice is free. ARENA_FULL or OK. */
NODISCARD enum status view_want(
    struct view *view, struct view_partition *partition, const struct store_key *key, struct view_entry **ret_entry);
/** Reads everything wanted, in one round trip. STORE_UNREACHABLE, ARENA_FULL, STORE_MOVED_ON, or OK. */
NODISCARD enum status view_load(struct view *view, struct fault *fault);
