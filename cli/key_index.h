/** A table from 16-byte keys, which are hashes already, to numbers: 40 bytes a key at most, for millions of them. */
#pragma once

#include "base/arena.h"
#include "state/store.h"

struct key_index {
    struct key_slot *slots; /* open addressing; a power of two, at most half full */
    size_t slot_count, count;
};

struct key_slot {
    struct store_key key;
    uint32_t number; /* 0: the slot is free */
};

/** The number of a key, from 1; 0: it is not there. */
uint32_t key_index_find(const struct key_index *index, const struct store_key *key);
/** The same, after entering `number`, which is not 0, where there was none. True when it was entered. */
bool key_index_add(struct key_index *index, const struct store_key *key, uint32_t number);
void key_index_done(struct key_index *index);

/** The rows that the numbers of an index stand for, with room for one more: `items` has `count` of them, of `size`
 *  bytes each. Memory is the arena's; running out of it ends the program. */
void *key_rows_grown(struct arena *arena, void *items, uint32_t count, uint32_t *capacity, size_t size);

/** The hash of some texts, one after the other, none of which is taken for part of another. */
struct store_key key_of_texts(const struct text *texts, size_t count);
