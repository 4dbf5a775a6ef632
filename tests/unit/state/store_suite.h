/** What every store must do, run against each of them. A test file makes an empty store and calls `store_suite_run`. */
#pragma once

#include "state/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static inline struct store_key suite_key(int number)
{
    struct store_key key = { { 0 } };
    key.bytes[0] = (uint8_t)(number >> 8);
    key.bytes[1] = (uint8_t)number;
    key.bytes[2] = '\n'; /* raw bytes, NUL and line ends among them */
    return key;
}

static inline enum status suite_write(struct store *store, int32_t partition, const char *expected, const char *offsets,
    const struct store_item *items, size_t count)
{
    struct store_write write = { .partition = partition,
        .expected_offsets = text_of(expected),
        .offsets = text_of(offsets),
        .items = items,
        .count = count,
        .ret_status = STATUS_COUNT };
    enum status status = store->ops->write(store, &write, 1, NULL);
    return status == STATUS_OK ? write.ret_status : status;
}

static inline void suite_check(
    struct store *store, int32_t partition, int number, const char *offsets, struct text value)
{
    struct arena *arena = arena_new(1 << 20);
    struct store_key key = suite_key(number);
    struct text found;
    struct store_read read = { .partition = partition, .keys = &key, .count = 1, .ret_values = &found };
    assert_int_equal(store->ops->read(store, arena, &read, 1, NULL), STATUS_OK);
    assert_true(text_equal(read.ret_offsets, text_of(offsets)));
    assert_true(text_equal(found, value));
    arena_free(arena);
}

static inline void suite_empty(struct store *store)
{
    suite_check(store, 0, 1, "", TEXT_EMPTY);
    assert_int_equal(store->ops->ping(store, NULL), STATUS_OK);
}

static inline void suite_compare_and_set(struct store *store)
{
    struct store_item item = { suite_key(1), TEXT("one\0two"), true };
    assert_int_equal(suite_write(store, 1, "a=1", "a=2", &item, 1), STATUS_STORE_MOVED_ON);
    suite_check(store, 1, 1, "", TEXT_EMPTY);
    assert_int_equal(suite_write(store, 1, "", "a=1", &item, 1), STATUS_OK);
    suite_check(store, 1, 1, "a=1", TEXT("one\0two"));
    item.value = TEXT("three");
    item.is_new = false;
    assert_int_equal(suite_write(store, 1, "", "a=9", &item, 1), STATUS_STORE_MOVED_ON);
    suite_check(store, 1, 1, "a=1", TEXT("one\0two"));
    assert_int_equal(suite_write(store, 1, "a=1", "a=2", &item, 1), STATUS_OK);
    suite_check(store, 1, 1, "a=2", TEXT("three"));
    suite_check(store, 2, 1, "", TEXT_EMPTY); /* its neighbour has nothing of it */
    assert_int_equal(suite_write(store, 1, "a=2", "a=3", NULL, 0), STATUS_OK);
    suite_check(store, 1, 1, "a=3", TEXT("three"));
}

static inline void suite_delete(struct store *store)
{
    struct store_item item = { suite_key(1), TEXT("one"), true };
    struct store_key keys[4];
    size_t count = 9;
    assert_int_equal(suite_write(store, 3, "", "a=1", &item, 1), STATUS_OK);
    item.value = TEXT_EMPTY;
    item.is_new = false;
    assert_int_equal(suite_write(store, 3, "a=1", "a=2", &item, 1), STATUS_OK);
    suite_check(store, 3, 1, "a=2", TEXT_EMPTY);
    assert_int_equal(store->ops->scan(store, 3, NULL, 4, keys, &count, NULL), STATUS_OK);
    assert_int_equal(count, 0);
}

/* Of several partitions in one call, one that has moved on leaves the others alone. */
static inline void suite_several(struct store *store)
{
    struct store_item item = { suite_key(1), TEXT("x"), true };
    assert_int_equal(suite_write(store, 5, "", "a=5", &item, 1), STATUS_OK);
    struct store_write writes[3];
    for (int i = 0; i < 3; i++)
        writes[i] = (struct store_write){
            .partition = 4 + i, .expected_offsets = TEXT_EMPTY, .offsets = TEXT("a=7"), .items = &item, .count = 1
        };
    assert_int_equal(store->ops->write(store, writes, 3, NULL), STATUS_OK);
    assert_int_equal(writes[0].ret_status, STATUS_OK);
    assert_int_equal(writes[1].ret_status, STATUS_STORE_MOVED_ON);
    assert_int_equal(writes[2].ret_status, STATUS_OK);
    suite_check(store, 4, 1, "a=7", TEXT("x"));
    suite_check(store, 5, 1, "a=5", TEXT("x"));
    suite_check(store, 6, 1, "a=7", TEXT("x"));
}

static inline void suite_scan(struct store *store)
{
    struct store_item items[300];
    struct store_key found[128];
    for (int i = 0; i < 300; i++)
        items[i] = (struct store_item){ suite_key((i * 7) % 300), TEXT("x"), true };
    assert_int_equal(suite_write(store, 7, "", "a=1", items, 300), STATUS_OK);
    int next = 0;
    size_t count = 1;
    for (const struct store_key *after = NULL; count != 0; after = &found[count - 1]) {
        struct store_key last = after == NULL ? suite_key(0) : *after;
        assert_int_equal(store->ops->scan(store, 7, after == NULL ? NULL : &last, 128, found, &count, NULL), STATUS_OK);
        for (size_t i = 0; i < count; i++) {
            struct store_key want = suite_key(next++);
            assert_memory_equal(&found[i], &want, sizeof want);
        }
        if (count == 0)
            break;
    }
    assert_int_equal(next, 300);
}

static inline void suite_small_arena(struct store *store)
{
    static char large[100000];
    memset(large, 'x', sizeof large);
    struct store_item item = { suite_key(1), { large, sizeof large }, true };
    assert_int_equal(suite_write(store, 8, "", "a=1", &item, 1), STATUS_OK);
    struct arena *arena = arena_new(50000);
    struct text found;
    struct store_read read = { .partition = 8, .keys = &item.key, .count = 1, .ret_values = &found };
    assert_int_equal(store->ops->read(store, arena, &read, 1, NULL), STATUS_ARENA_FULL);
    arena_free(arena);
    suite_check(store, 8, 1, "a=1", item.value); /* and the next read works */
}

/* Many values of many partitions in one call. */
static inline void suite_bulk(struct store *store)
{
    enum { PARTITIONS = 12, KEYS = 1500 };
    static struct store_item items[PARTITIONS][KEYS];
    static struct store_key keys[KEYS];
    static struct text values[PARTITIONS][KEYS];
    struct store_write writes[PARTITIONS];
    struct store_read reads[PARTITIONS];
    struct arena *arena = arena_new(64 << 20);
    for (int p = 0; p < PARTITIONS; p++) {
        for (int i = 0; i < KEYS; i++) {
            char *text = arena_take(arena, 32);
            keys[i] = suite_key(i);
            int length = snprintf(text, 32, "%d/%d", p, i);
            items[p][i] = (struct store_item){ keys[i], { text, (size_t)length }, true };
        }
        writes[p] = (struct store_write){ .partition = 20 + p,
            .expected_offsets = TEXT_EMPTY,
            .offsets = TEXT("a=1"),
            .items = items[p],
            .count = KEYS };
        reads[p] = (struct store_read){ .partition = 20 + p, .keys = keys, .count = KEYS, .ret_values = values[p] };
    }
    assert_int_equal(store->ops->write(store, writes, PARTITIONS, NULL), STATUS_OK);
    assert_int_equal(store->ops->read(store, arena, reads, PARTITIONS, NULL), STATUS_OK);
    for (int p = 0; p < PARTITIONS; p++)
        for (int i = 0; i < KEYS; i++)
            assert_true(text_equal(values[p][i], items[p][i].value));
    arena_free(arena);
}

static inline void store_suite_run(struct store *store)
{
    suite_empty(store);
    suite_compare_and_set(store);
    suite_delete(store);
    suite_several(store);
    suite_scan(store);
    suite_small_arena(store);
    suite_bulk(store);
}
