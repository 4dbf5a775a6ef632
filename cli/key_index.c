#include "cli/key_index.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 1024

static struct key_slot *slot_of(const struct key_index *index, const struct store_key *key)
{
    uint64_t hash;
    memcpy(&hash, key->bytes, sizeof hash);
    size_t at = (size_t)hash & (index->slot_count - 1);
    while (index->slots[at].number != 0 && memcmp(&index->slots[at].key, key, sizeof *key) != 0)
        at = (at + 1) & (index->slot_count - 1);
    return &index->slots[at];
}

uint32_t key_index_find(const struct key_index *index, const struct store_key *key)
{
    return index->slot_count == 0 ? 0 : slot_of(index, key)->number;
}

static void widen(struct key_index *index)
{
    struct key_index wider = { .slot_count = index->slot_count == 0 ? SLOTS_MIN : 2 * index->slot_count };
    wider.slots = calloc(wider.slot_count, sizeof *wider.slots);
    CHECK(wider.slots != NULL);
    for (size_t i = 0; i < index->slot_count; i++)
        if (index->slots[i].number != 0)
            *slot_of(&wider, &index->slots[i].key) = index->slots[i];
    wider.count = index->count;
    free(index->slots);
    *index = wider;
}

bool key_index_add(struct key_index *index, const struct store_key *key, uint32_t number)
{
    CHECK(number != 0);
    if ((index->count + 1) * 2 > index->slot_count)
        widen(index);
    struct key_slot *slot = slot_of(index, key);
    if (slot->number != 0)
        return false;
    *slot = (struct key_slot){ *key, number };
    index->count++;
    return true;
}

void key_index_done(struct key_index *index)
{
    free(index->slots);
    *index = (struct key_index){ 0 };
}

void *key_rows_grown(struct arena *arena, void *items, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    CHECK(count < UINT32_MAX / 2);
    *capacity = *capacity == 0 ? 1024 : 2 * *capacity;
    items = arena_grow(arena, items, items == NULL ? 0 : count, *capacity, size);
    CHECK(items != NULL);
    return items;
}

struct store_key key_of_texts(const struct text *texts, size_t count)
{
    struct store_key key;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof key.bytes);
    for (size_t i = 0; i < count; i++) {
        uint64_t length = texts[i].length;
        crypto_generichash_update(&state, (const unsigned char *)&length, sizeof length);
        crypto_generichash_update(&state, (const unsigned char *)texts[i].at, texts[i].length);
    }
    crypto_generichash_final(&state, key.bytes, sizeof key.bytes);
    return key;
}
