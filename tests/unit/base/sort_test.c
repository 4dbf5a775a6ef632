#include "base/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct item {
    unsigned key;
    size_t place;
};

static int by_key(const void *a, const void *b)
{
    const struct item *left = a, *right = b;
    return (left->key > right->key) - (left->key < right->key);
}

enum { ITEMS = 1500, ARENA_BYTES = 64 * 1024 };
static struct item items[ITEMS];
static const void *pointers[ITEMS + 1];

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

static void fill(size_t count, unsigned keys, uint32_t seed)
{
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct item){ .key = next_random(&seed) % keys, .place = i };
        pointers[i] = &items[i];
    }
    pointers[count] = items; /* must be left alone */
}

/* In order, equal ones as they stood, each still there once: strictly increasing (key, place) says all of it. */
static void is_sorted(size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct item *before = pointers[i - 1], *after = pointers[i];
        if (before->key > after->key || (before->key == after->key && before->place >= after->place))
            fail_msg("place %zu of %zu", i, count);
    }
    assert_ptr_equal(pointers[count], items);
}

static void sorts(struct arena *arena, size_t count, unsigned keys)
{
    fill(count, keys, (uint32_t)(count * 31 + keys));
    size_t mark = arena_mark(arena);
    assert_int_equal(sort_pointers(arena, pointers, count, by_key), STATUS_OK);
    assert_int_equal(arena_mark(arena), mark);
    is_sorted(count);
}

static void any_count_and_any_number_of_equals(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    for (size_t count = 0; count < 200; count++)
        for (unsigned keys = 1; keys < 300; keys = keys * 3 + 1)
            sorts(arena, count, keys);
    sorts(arena, ITEMS, 1);
    sorts(arena, ITEMS, 10);
    sorts(arena, ITEMS, UINT32_MAX);
    arena_free(arena);
}

static void forwards_and_backwards(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    fill(ITEMS, 1, 1);
    for (size_t i = 0; i < ITEMS; i++)
        items[i].key = (unsigned)i;
    assert_int_equal(sort_pointers(arena, pointers, ITEMS, by_key), STATUS_OK);
    is_sorted(ITEMS);
    for (size_t i = 0; i < ITEMS; i++)
        pointers[i] = &items[ITEMS - 1 - i];
    assert_int_equal(sort_pointers(arena, pointers, ITEMS, by_key), STATUS_OK);
    is_sorted(ITEMS);
    arena_free(arena);
}

static void no_room_is_a_status_and_changes_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1024);
    fill(ITEMS, 10, 7);
    assert_int_equal(sort_pointers(arena, pointers, ITEMS, by_key), STATUS_ARENA_FULL);
    assert_true(arena_is_full(arena));
    for (size_t i = 0; i < ITEMS; i++)
        assert_ptr_equal(pointers[i], &items[i]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_count_and_any_number_of_equals),
        cmocka_unit_test(forwards_and_backwards),
        cmocka_unit_test(no_room_is_a_status_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
