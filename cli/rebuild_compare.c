#include "cli/rebuild_compare.h"

#include <stdlib.h>
#include <time.h>

#define KEYS_AT_ONCE 1000
#define LOOKS 3

/* Keys, growing. */
struct keys {
    struct store_key *items;
    size_t count, capacity;
};

struct comparing {
    const struct rebuild_sides *sides;
    struct arena *arena; /* of one handful of values */
    struct keys live;    /* all that the live store has, in order */
    struct keys differing;
    struct fault *fault;
};

static void keys_add(struct keys *keys, const struct store_key *key)
{
    if (keys->count == keys->capacity) {
        keys->capacity = keys->capacity == 0 ? KEYS_AT_ONCE : keys->capacity * 2;
        keys->items = realloc(keys->items, keys->capacity * sizeof *keys->items);
        CHECK(keys->items != NULL);
    }
    keys->items[keys->count++] = *key;
}

static int key_order(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct store_key));
}

/* ---- A handful of keys: read what lives, go on to the offsets it was read at, read what is built ---- */

static enum status compare_some(struct comparing *comparing, const struct store_key *keys, size_t count)
{
    const struct rebuild_sides *sides = comparing->sides;
    struct text live[KEYS_AT_ONCE], built[KEYS_AT_ONCE];
    struct store_read of_live = { .partition = sides->partition, .keys = keys, .count = count, .ret_values = live };
    struct store_read of_built = of_live;
    of_built.ret_values = built;
    arena_reset(comparing->arena);
    enum status status = sides->live->ops->read(sides->live, comparing->arena, &of_live, 1, comparing->fault);
    if (status == STATUS_OK)
        status = rebuild_to_offsets(sides->rebuild, of_live.ret_offsets, comparing->fault);
    if (status == STATUS_OK)
        status = sides->built->ops->read(sides->built, comparing->arena, &of_built, 1, comparing->fault);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (!text_equal(live[i], built[i]))
            keys_add(&comparing->differing, &keys[i]);
    return status;
}

static enum status compare_live(struct comparing *comparing)
{
    const struct rebuild_sides *sides = comparing->sides;
    struct store_key keys[KEYS_AT_ONCE];
    size_t count = KEYS_AT_ONCE;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && count == KEYS_AT_ONCE) {
        const struct store_key *after =
            comparing->live.count == 0 ? NULL : &comparing->live.items[comparing->live.count - 1];
        status =
            sides->live->ops->scan(sides->live, sides->partition, after, KEYS_AT_ONCE, keys, &count, comparing->fault);
        if (status == STATUS_OK)
            status = compare_some(comparing, keys, count);
        for (size_t i = 0; status == STATUS_OK && i < count; i++)
            keys_add(&comparing->live, &keys[i]);
    }
    return status;
}

/* What is built and was not among what lives is missing there, or has come since. */
static enum status find_missing(struct comparing *comparing)
{
    const struct rebuild_sides *sides = comparing->sides;
    const struct keys *live = &comparing->live;
    struct store_key keys[KEYS_AT_ONCE], last;
    size_t count = KEYS_AT_ONCE;
    enum status status = STATUS_OK;
    for (bool is_first = true; status == STATUS_OK && count == KEYS_AT_ONCE; is_first = false) {
        const struct store_key *after = is_first ? NULL : &last;
        status = sides->built->ops->scan(
            sides->built, sides->partition, after, KEYS_AT_ONCE, keys, &count, comparing->fault);
        for (size_t i = 0; status == STATUS_OK && i < count; i++)
            if (live->count == 0 || bsearch(&keys[i], live->items, live->count, sizeof keys[i], key_order) == NULL)
                keys_add(&comparing->differing, &keys[i]);
        if (count != 0)
            last = keys[count - 1];
    }
    return status;
}

static enum status look_again(struct comparing *comparing)
{
    struct keys before = comparing->differing;
    enum status status = STATUS_OK;
    int pause_ms = comparing->sides->pause_ms;
    comparing->differing = (struct keys){ .count = 0 };
    if (before.count != 0)
        nanosleep(&(struct timespec){ pause_ms / 1000, pause_ms % 1000 * 1000000L }, NULL);
    for (size_t first = 0; first < before.count && status == STATUS_OK; first += KEYS_AT_ONCE) {
        size_t left = before.count - first;
        status = compare_some(comparing, before.items + first, left < KEYS_AT_ONCE ? left : KEYS_AT_ONCE);
    }
    free(before.items);
    return status;
}

static enum status compare_all(struct comparing *comparing)
{
    enum status status = compare_live(comparing);
    if (status == STATUS_OK)
        status = find_missing(comparing);
    for (int look = 1; look < LOOKS && status == STATUS_OK; look++)
        status = look_again(comparing);
    return status;
}

enum status rebuild_compare(
    const struct rebuild_sides *sides, struct rebuild_comparison *ret_comparison, struct fault *fault)
{
    struct comparing comparing = { .sides = sides, .arena = arena_new((size_t)1 << 32), .fault = fault };
    CHECK(comparing.arena != NULL);
    enum status status = compare_all(&comparing);
    if (status == STATUS_OK) {
        *ret_comparison = (struct rebuild_comparison){ comparing.live.count, comparing.differing.count, { { { 0 } } } };
        for (size_t i = 0; i < comparing.differing.count && i < REBUILD_DIFFERENCES_SHOWN; i++)
            ret_comparison->shown[i] = comparing.differing.items[i];
    }
    free(comparing.live.items);
    free(comparing.differing.items);
    arena_free(comparing.arena);
    return status;
}
