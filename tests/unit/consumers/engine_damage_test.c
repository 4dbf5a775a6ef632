#include "tests/unit/consumers/engine_stand.h"

/* Where one of the stored values stands. */
struct place {
    int32_t partition;
    struct store_key key;
};

static void begin(struct stand *stand, int records)
{
    stand_begin(stand);
    feed_some(&stand->world, records);
    run(&stand->member);
}

/* Puts something else where a value or the offsets (NULL key) stand, as a disk or a hand would. */
static void put(struct stand *stand, int32_t partition, const struct store_key *key, struct text value)
{
    struct store *store = stand->world.store;
    struct arena *arena = arena_new(1 << 16);
    struct store_read read = { .partition = partition };
    assert_int_equal(store->ops->read(store, arena, &read, 1, NULL), STATUS_OK);
    struct store_item item = { .value = value };
    if (key != NULL)
        item.key = *key;
    struct store_write write = { .partition = partition,
        .expected_offsets = read.ret_offsets,
        .offsets = key == NULL ? value : read.ret_offsets,
        .items = &item,
        .count = key != NULL };
    assert_int_equal(store->ops->write(store, &write, 1, NULL), STATUS_OK);
    assert_int_equal(write.ret_status, STATUS_OK);
    arena_free(arena);
}

static struct place find_value(const struct stand *stand)
{
    struct store *store = stand->world.store;
    struct place place = { 0 };
    size_t count = 0;
    for (; place.partition < PARTITIONS; place.partition++) {
        assert_int_equal(store->ops->scan(store, place.partition, NULL, 1, &place.key, &count, NULL), STATUS_OK);
        if (count == 1)
            return place;
    }
    fail_msg("nothing is stored");
    return place;
}

static void put_value(struct stand *stand, const struct place *place, const char *value)
{
    put(stand, place->partition, &place->key, text_of(value));
}

static void put_offsets(struct stand *stand, int32_t partition, const char *offsets)
{
    put(stand, partition, NULL, text_of(offsets));
}

/* After so many records one of the values is this one. */
static struct place begin_with_value(struct stand *stand, int records, const char *value)
{
    begin(stand, records);
    struct place place = find_value(stand);
    put_value(stand, &place, value);
    return place;
}

/* More comes, for every partition, and is answered with all sums right. */
static void check_goes_on(struct stand *stand)
{
    feed_some(&stand->world, 66);
    run(&stand->member);
    check_exact(&stand->world);
}

/* The other partitions go on. */
static void check_stopped(const struct stand *stand, int32_t partition)
{
    struct engine_health health = stand_health(stand);
    assert_int_equal(health.partitions_stopped, 1);
    assert_int_equal(health.stopped[0], partition);
    assert_int_equal(health.partitions_live, PARTITIONS - 1);
}

/* More comes, for every partition, and this one has stopped. */
static void check_stops(struct stand *stand, int32_t partition)
{
    feed_some(&stand->world, 66);
    stand_turn(stand, 300);
    check_stopped(stand, partition);
}

/* What a person sees: one value is damaged, and every sum is right all the same. */
static void test_a_damaged_value_is_rebuilt(void **state)
{
    (void)state;
    struct stand stand;
    begin_with_value(&stand, 150, "1\xff");
    check_goes_on(&stand);
    struct engine_health health = stand_health(&stand);
    assert_int_equal(health.metrics[ENGINE_METRIC_damaged], 1);
    assert_int_equal(health.partitions_stopped, 0);
    assert_true(health.metrics[ENGINE_METRIC_replayed] > 0);
    assert_true(health.metrics[ENGINE_METRIC_replayed] < 120); /* of one partition, not of all */
    stand_end(&stand);
}

static void test_damaged_offsets_are_rebuilt(void **state)
{
    (void)state;
    static const char *const damaged[] = { "credit=", "credit=1 debit=2 check=7", "\xff\xff", "forgetting" };
    for (size_t i = 0; i < COUNT_OF(damaged); i++) {
        struct stand stand;
        begin(&stand, 150);
        put_offsets(&stand, find_value(&stand).partition, damaged[i]);
        check_goes_on(&stand);
        assert_int_equal(stand_health(&stand).partitions_stopped, 0);
        stand_end(&stand);
    }
}

/* Damage comes, and then everything else that can happen, at each moment of the rebuilding. */
static bool rebuild_with(enum faulty_kind kind, long at)
{
    struct stand stand;
    begin_with_value(&stand, 60, "?");
    stand.member.faulty.kind = kind;
    stand.member.faulty.at = at;
    stand.member.faulty.calls = 0;
    feed_some(&stand.world, 60);
    bool has_fired = stand_run_through_fault(&stand);
    check_exact(&stand.world);
    stand_end(&stand);
    return has_fired;
}

static void test_faults_while_rebuilding(void **state)
{
    (void)state;
    static const enum faulty_kind kinds[] = { FAULTY_BEFORE, FAULTY_AFTER, FAULTY_CRASH_BEFORE, FAULTY_CRASH_AFTER };
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        long at = 0;
        while (rebuild_with(kinds[kind], at))
            at++;
        assert_true(at > 80);
    }
}

/* Damage that comes back is not chased for ever. */
static void test_the_same_value_again_stops(void **state)
{
    (void)state;
    struct stand stand;
    struct place place = begin_with_value(&stand, 150, "?");
    check_goes_on(&stand);
    put_value(&stand, &place, "?");
    check_stops(&stand, place.partition);
    assert_int_equal(stand_health(&stand).metrics[ENGINE_METRIC_damaged], 1);
    stand_end(&stand);
}

/* Damaged while it is rebuilt: the first value that is read again is not what was written. */
static void test_damage_while_rebuilding_stops(void **state)
{
    (void)state;
    struct stand stand;
    struct place place = begin_with_value(&stand, 150, "?");
    feed_some(&stand.world, 66);
    while (stand_health(&stand).metrics[ENGINE_METRIC_damaged] == 0)
        stand_turn(&stand, 1);
    while (stand_health(&stand).metrics[ENGINE_METRIC_replayed] == 0)
        stand_turn(&stand, 1);
    put_offsets(&stand, place.partition, "credit=x");
    stand_turn(&stand, 300);
    check_stopped(&stand, place.partition);
    stand_end(&stand);
}

/* What a newer version wrote is not thrown away. */
static void test_a_newer_value_stops(void **state)
{
    (void)state;
    struct stand stand;
    struct place place = begin_with_value(&stand, 150, "newer");
    check_stops(&stand, place.partition);
    assert_int_equal(stand_health(&stand).metrics[ENGINE_METRIC_damaged], 0);
    assert_string_equal(stand_health(&stand).cause, "newer");
    stand_end(&stand);
}

static void test_newer_offsets_stop(void **state)
{
    (void)state;
    struct stand stand;
    begin(&stand, 150);
    put_offsets(&stand, 1, "format=2 credit=5");
    stand_restart(&stand);
    check_stops(&stand, 1);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_damaged_value_is_rebuilt),
        cmocka_unit_test(test_damaged_offsets_are_rebuilt),
        cmocka_unit_test(test_faults_while_rebuilding),
        cmocka_unit_test(test_the_same_value_again_stops),
        cmocka_unit_test(test_damage_while_rebuilding_stops),
        cmocka_unit_test(test_a_newer_value_stops),
        cmocka_unit_test(test_newer_offsets_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
