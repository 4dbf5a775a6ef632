/* Whom a scan finds: those of the store as the batch has read it, and those that the batch has added. */
#include "consumers/view.h"
#include "state/store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PARTITION 3

static struct arena *arena;
static struct store *store;
static struct view view;
static struct view_partition *partition;

static struct store_key key_of(uint8_t n)
{
    return (struct store_key){ { n } };
}

static void put(uint8_t n, const char *before, const char *after)
{
    const struct store_item item = { .key = key_of(n), .value = TEXT("value"), .is_new = true };
    struct store_write write = { .partition = PARTITION,
        .expected_offsets = text_of(before),
        .offsets = text_of(after),
        .items = &item,
        .count = 1 };
    assert_int_equal(store->ops->write(store, &write, 1, NULL), STATUS_OK);
    assert_int_equal(write.ret_status, STATUS_OK);
}

/* Two are stored, and a batch has read where the partition stands. */
static int begin(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    store = store_memory_new();
    put(1, "", "topic=1");
    put(3, "topic=1", "topic=2");
    assert_int_equal(view_begin(&view, arena, store, 1), STATUS_OK);
    assert_int_equal(view_add_partition(&view, PARTITION, TEXT("topic=2"), &partition), STATUS_OK);
    assert_int_equal(view_load(&view, NULL), STATUS_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    store->ops->free(store);
    arena_free(arena);
    return 0;
}

static void check(enum status want, const char *found)
{
    struct store_key keys[8];
    size_t count = 0;
    char text[16] = "";
    assert_int_equal(view_scan(&view, PARTITION, NULL, COUNT_OF(keys), keys, &count, NULL), want);
    for (size_t i = 0; i < count && want == STATUS_OK; i++)
        snprintf(text + i, sizeof text - i, "%d", keys[i].bytes[0]);
    assert_string_equal(text, found);
}

static void test_stored_and_added(void **state)
{
    (void)state;
    struct store_key added = key_of(2);
    struct view_entry *entry;
    check(STATUS_OK, "13");
    assert_int_equal(view_get(&view, PARTITION, &added, &entry, NULL), STATUS_OK);
    check(STATUS_OK, "13");
    entry->changed = true;
    check(STATUS_OK, "123");
}

/* Nobody is there any more: whoever visits everybody must not take it for an answer. */
static void test_emptied_since(void **state)
{
    (void)state;
    store_memory_clear(store);
    check(STATUS_STORE_MOVED_ON, "");
}

static void test_written_since(void **state)
{
    (void)state;
    put(2, "topic=2", "topic=3");
    check(STATUS_STORE_MOVED_ON, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stored_and_added, begin, end),
        cmocka_unit_test_setup_teardown(test_emptied_since, begin, end),
        cmocka_unit_test_setup_teardown(test_written_since, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
