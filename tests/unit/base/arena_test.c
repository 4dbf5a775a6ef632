#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

enum { SIZE = 64 * 1024 };

static int setup(void **state)
{
    return (*state = arena_new(SIZE)) == NULL;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void assert_all(const unsigned char *bytes, size_t count, unsigned char value)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(bytes[i], value);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    assert_null(arena_new(0));
    assert_null(arena_new(SIZE_MAX));
    arena_free(NULL);
}

static void takes_are_zeroed_aligned_and_apart(void **state)
{
    struct arena *arena = *state;
    unsigned char *before = NULL;
    for (size_t size = 1; size < 200; size++) {
        unsigned char *at = arena_take(arena, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
        assert_all(at, size, 0);
        memset(at, 0xa5, size);
        if (before != NULL)
            assert_all(before, size - 1, 0xa5);
        before = at;
    }
    assert_false(arena_is_full(arena));
}

static void fails(struct arena *arena, const void *taken)
{
    assert_null(taken);
    assert_true(arena_is_full(arena));
    arena_reset(arena);
    assert_false(arena_is_full(arena));
}

static void what_does_not_fit_is_remembered(void **state)
{
    struct arena *arena = *state;
    fails(arena, arena_take(arena, SIZE + 1));
    fails(arena, arena_take(arena, SIZE_MAX));
    fails(arena, arena_take(arena, SIZE_MAX - 8));
    fails(arena, arena_take_array(arena, SIZE_MAX / 8 + 2, 8)); /* the product is 8 */
    fails(arena, arena_take_array(arena, SIZE, 2));
    fails(arena, arena_copy(arena, "", SIZE));
    fails(arena, arena_grow(arena, NULL, 0, SIZE_MAX, 2));
    assert_non_null(arena_take(arena, SIZE - 64));
    assert_false(arena_is_full(arena));
    assert_null(arena_take(arena, 64));
    assert_null(arena_take(arena, 128));
    assert_true(arena_is_full(arena));
}

static void a_full_arena_is_full_to_the_last_take(void **state)
{
    struct arena *arena = *state;
    size_t count = 0;
    unsigned char *at, *last = NULL;
    while ((at = arena_take(arena, 48)) != NULL) {
        memset(at, 0xff, 48);
        last = at;
        count++;
    }
    assert_true(count >= SIZE / 64 - 1 && count <= SIZE / 48);
    assert_all(last, 48, 0xff);
    assert_true(arena_used(arena) <= SIZE);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_all(arena_take(arena, 48), 48, 0);
}

static void a_rewind_gives_back_what_came_after(void **state)
{
    struct arena *arena = *state;
    char *kept = arena_copy(arena, "kept", 4);
    size_t mark = arena_mark(arena);
    unsigned char *trial = arena_take(arena, 1000);
    memset(trial, 0xff, 1000);
    arena_rewind(arena, mark);
    assert_int_equal(arena_used(arena), mark);
    unsigned char *again = arena_take(arena, 1000);
    assert_ptr_equal(again, trial);
    assert_all(again, 1000, 0);
    assert_string_equal(kept, "kept");
    arena_rewind(arena, arena_mark(arena));
    assert_null(arena_take(arena, SIZE));
    arena_rewind(arena, mark);
    assert_true(arena_is_full(arena)); /* a rewind is no pardon: something was not built */
}

static void copies_end_in_nul(void **state)
{
    struct arena *arena = *state;
    char *dirt = arena_take(arena, 64);
    memset(dirt, 'x', 64);
    arena_reset(arena);
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_memory_equal(arena_copy(arena, "a\0b", 3), "a\0b", 4);
}

static void growing_keeps_what_stands(void **state)
{
    struct arena *arena = *state;
    int *items = ARENA_ARRAY(arena, 4, int);
    for (int i = 0; i < 4; i++)
        items[i] = i + 1;
    int *grown = arena_grow(arena, items, 4, 9, sizeof *items);
    assert_non_null(grown);
    for (int i = 0; i < 9; i++)
        assert_int_equal(grown[i], i < 4 ? i + 1 : 0);
    assert_non_null(arena_grow(arena, NULL, 0, 3, sizeof *items));
}

/* Above 16 MiB a reset gives pages back to the system; what is taken next must not care. */
static void a_giant_batch_is_followed_by_a_small_one(void **state)
{
    (void)state;
    size_t giant = (size_t)40 << 20;
    struct arena *arena = arena_new(giant + 4096);
    for (int round = 0; round < 2; round++) {
        unsigned char *at = arena_take(arena, giant);
        assert_non_null(at);
        assert_int_equal(at[giant - 1], 0);
        memset(at, 0xee, giant);
        arena_reset(arena);
    }
    assert_all(arena_take(arena, 4096), 4096, 0);
    arena_free(arena);
}

#ifdef __SANITIZE_ADDRESS__
static void the_sanitizer_knows_what_is_taken(void **state)
{
    struct arena *arena = *state;
    char *at = arena_take(arena, 24);
    char *next = arena_take(arena, 8);
    assert_null(__asan_region_is_poisoned(at, 24));
    assert_int_equal(__asan_address_is_poisoned(at + 24), 1);
    assert_int_equal(__asan_address_is_poisoned(next - 1), 1);
    assert_int_equal(__asan_address_is_poisoned(next + 8), 1);
    arena_reset(arena);
    assert_int_equal(__asan_address_is_poisoned(at), 1);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test_setup_teardown(takes_are_zeroed_aligned_and_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_remembered, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_arena_is_full_to_the_last_take, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rewind_gives_back_what_came_after, setup, teardown),
        cmocka_unit_test_setup_teardown(copies_end_in_nul, setup, teardown),
        cmocka_unit_test_setup_teardown(growing_keeps_what_stands, setup, teardown),
        cmocka_unit_test(a_giant_batch_is_followed_by_a_small_one),
#ifdef __SANITIZE_ADDRESS__
        cmocka_unit_test_setup_teardown(the_sanitizer_knows_what_is_taken, setup, teardown),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
