/* An overlay shows what lies below, and never changes it. */
#include "cli/store_overlay.h"
#include "state/store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ARENA_BYTES ((size_t)1 << 20)

/* A base that counts what is asked of it, over one in memory, and can be told to fail. */
struct watched {
    struct store store;
    struct store *inner;
    size_t writes;
    bool fails;
};

static enum status watched_read(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct watched *watched = (struct watched *)store;
    if (watched->fails)
        return fault_set(fault, STATUS_STORE_UNREACHABLE, "redis", "gone");
    return watched->inner->ops->read(watched->inner, arena, reads, count, fault);
}

static enum status watched_write(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    struct watched *watched = (struct watched *)store;
    watched->writes++;
    return watched->inner->ops->write(watched->inner, writes, count, fault);
}

static void watched_free(struct store *store)
{
    (void)store; /* the test's own */
}

struct world {
    struct watched base;
    struct store *overlay;
    struct arena *arena;
    struct fault fault;
};

static const struct store_key one = { { 1 } }, two = { { 2 } }, three = { { 3 } };

static void put(struct store *store, int32_t partition, const char *expected, const char *offsets,
    struct store_item item, enum status status)
{
    struct store_write write = { .partition = partition,
        .expected_offsets = text_of(expected),
        .offsets = text_of(offsets),
        .items = &item,
        .count = 1 };
    struct fault fault;
    assert_int_equal(store->ops->write(store, &write, 1, &fault), STATUS_OK);
    assert_int_equal(write.ret_status, status);
}

static void expect(struct world *world, const char *first, const char *second, const char *third, const char *offsets)
{
    const struct store_key keys[] = { one, two, three };
    const char *expected[] = { first, second, third };
    struct text values[3];
    struct store_read read = { .partition = 0, .keys = keys, .count = 3, .ret_values = values };
    assert_int_equal(world->overlay->ops->read(world->overlay, world->arena, &read, 1, &world->fault), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_true(text_equal(values[i], text_of(expected[i])));
    assert_true(text_equal(read.ret_offsets, text_of(offsets)));
}

static void open_world(struct world *world)
{
    static const struct store_ops ops = { .read = watched_read, .write = watched_write, .free = watched_free };
    *world = (struct world){ .base = { .store.ops = &ops, .inner = store_memory_new() } };
    world->arena = arena_new(ARENA_BYTES);
    put(world->base.inner, 3, "", "o3", (struct store_item){ one, TEXT("below"), true }, STATUS_OK);
    put(world->base.inner, 700, "", "o700", (struct store_item){ two, TEXT("far"), true }, STATUS_OK);
    assert_int_equal(store_overlay_new(&world->base.store, &world->overlay, &world->fault), STATUS_OK);
}

static void close_world(struct world *world)
{
    assert_int_equal(world->base.writes, 0);
    world->overlay->ops->free(world->overlay);
    world->base.inner->ops->free(world->base.inner);
    arena_free(world->arena);
}

static void test_all_partitions_are_one(void **state)
{
    (void)state;
    struct world world;
    open_world(&world);
    expect(&world, "below", "far", "", "");
    close_world(&world);
}

static void test_what_is_written_stays_here(void **state)
{
    (void)state;
    struct world world;
    open_world(&world);
    put(world.overlay, 0, "", "a", (struct store_item){ one, TEXT("here"), false }, STATUS_OK);
    expect(&world, "here", "far", "", "a");
    put(world.overlay, 0, "a", "b", (struct store_item){ two, TEXT_EMPTY, false }, STATUS_OK);
    expect(&world, "here", "", "", "b"); /* deleted here: it does not come back from below */
    put(world.overlay, 0, "b", "c", (struct store_item){ two, TEXT("again"), true }, STATUS_OK);
    put(world.overlay, 0, "c", "d", (struct store_item){ three, TEXT("new"), true }, STATUS_OK);
    expect(&world, "here", "again", "new", "d");
    put(world.overlay, 0, "stale", "e", (struct store_item){ three, TEXT("x"), false }, STATUS_STORE_MOVED_ON);
    expect(&world, "here", "again", "new", "d");
    close_world(&world);
}

static void test_a_base_that_fails(void **state)
{
    (void)state;
    struct world world;
    struct text value;
    struct store_read read = { .partition = 0, .keys = &one, .count = 1, .ret_values = &value };
    struct store *none = NULL;
    open_world(&world);
    world.base.fails = true;
    assert_int_equal(
        world.overlay->ops->read(world.overlay, world.arena, &read, 1, &world.fault), STATUS_STORE_UNREACHABLE);
    assert_string_equal(world.fault.text, "gone");
    assert_int_equal(store_overlay_new(&world.base.store, &none, &world.fault), STATUS_STORE_UNREACHABLE);
    assert_null(none);
    assert_int_equal(world.overlay->ops->scan(world.overlay, 0, NULL, 1, NULL, NULL, &world.fault), STATUS_SYSTEM);
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_partitions_are_one),
        cmocka_unit_test(test_what_is_written_stays_here),
        cmocka_unit_test(test_a_base_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
