#include "tests/unit/consumers/engine_world.h"

struct stand {
    struct world world;
    struct member member;
    struct engine_config config;
};

static void begin(struct stand *stand, int records)
{
    world_begin(&stand->world);
    stand->config = world_config(&stand->world);
    member_begin(&stand->member, &stand->world, &stand->config);
    feed_some(&stand->world, records);
    run(&stand->member);
}

static void end(struct stand *stand)
{
    member_end(&stand->member);
    world_end(&stand->world);
}

static struct engine_health health_of(const struct stand *stand)
{
    struct engine_health health;
    engine_health(stand->member.engine, &health);
    return health;
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

static int32_t partition_with_values(const struct stand *stand, struct store_key *ret_key)
{
    struct store *store = stand->world.store;
    size_t count = 0;
    for (int32_t partition = 0; partition < PARTITIONS; partition++) {
        assert_int_equal(store->ops->scan(store, partition, NULL, 1, ret_key, &count, NULL), STATUS_OK);
        if (count == 1)
            return partition;
    }
    fail_msg("nothing is stored");
    return -1;
}

/* What a person sees: one value is damaged, and every sum is right all the same. */
static void test_a_damaged_value_is_rebuilt(void **state)
{
    (void)state;
    struct stand stand;
    struct store_key key;
    begin(&stand, 150);
    int32_t partition = partition_with_values(&stand, &key);
    put(&stand, partition, &key, TEXT("1\xff"));
    feed_some(&stand.world, 66);
    run(&stand.member);
    check_exact(&stand.world);
    struct engine_health health = health_of(&stand);
    assert_int_equal(health.metrics[ENGINE_METRIC_damaged], 1);
    assert_int_equal(health.partitions_stopped, 0);
    assert_true(health.metrics[ENGINE_METRIC_replayed] > 0);
    assert_true(health.metrics[ENGINE_METRIC_replayed] < 120); /* of one partition, not of all */
    end(&stand);
}

static void test_damaged_offsets_are_rebuilt(void **state)
{
    (void)state;
    static const char *const damaged[] = { "credit=", "credit=1 debit=2 check=7", "\xff\xff", "forgetting" };
    for (size_t i = 0; i < COUNT_OF(damaged); i++) {
        struct stand stand;
        begin(&stand, 150);
        struct store_key key;
        put(&stand, partition_with_values(&stand, &key), NULL, text_of(damaged[i]));
        feed_some(&stand.world, 66);
        run(&stand.member);
        check_exact(&stand.world);
        assert_int_equal(health_of(&stand).partitions_stopped, 0);
        end(&stand);
    }
}

/* Damage comes, and then everything else that can happen, at each moment of the rebuilding. */
static bool rebuild_with(enum faulty_kind kind, long at)
{
    struct stand stand;
    struct store_key key;
    begin(&stand, 60);
    put(&stand, partition_with_values(&stand, &key), &key, TEXT("?"));
    stand.member.faulty.kind = kind;
    stand.member.faulty.at = at;
    stand.member.faulty.calls = 0;
    feed_some(&stand.world, 60);
    run(&stand.member);
    bool has_fired = stand.member.faulty.has_fired;
    if (stand.member.faulty.has_crashed) {
        member_end(&stand.member);
        member_begin(&stand.member, &stand.world, &stand.config);
        run(&stand.member);
    }
    check_exact(&stand.world);
    end(&stand);
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
    struct store_key key;
    begin(&stand, 150);
    int32_t partition = partition_with_values(&stand, &key);
    put(&stand, partition, &key, TEXT("?"));
    feed_some(&stand.world, 66);
    run(&stand.member);
    put(&stand, partition, &key, TEXT("?"));
    feed_some(&stand.world, 66);
    for (int turn = 0; turn < 300; turn++)
        engine_turn(stand.member.engine, NULL);
    struct engine_health health = health_of(&stand);
    assert_int_equal(health.metrics[ENGINE_METRIC_damaged], 1);
    assert_int_equal(health.partitions_stopped, 1);
    assert_int_equal(health.stopped[0], partition);
    assert_int_equal(health.partitions_live, PARTITIONS - 1);
    end(&stand);
}

/* Damaged while it is rebuilt: the first value that is read again is not what was written. */
static void test_damage_while_rebuilding_stops(void **state)
{
    (void)state;
    struct stand stand;
    struct store_key key;
    begin(&stand, 150);
    int32_t partition = partition_with_values(&stand, &key);
    put(&stand, partition, &key, TEXT("?"));
    feed_some(&stand.world, 66);
    while (health_of(&stand).metrics[ENGINE_METRIC_damaged] == 0)
        engine_turn(stand.member.engine, NULL);
    while (health_of(&stand).metrics[ENGINE_METRIC_replayed] == 0)
        engine_turn(stand.member.engine, NULL);
    put(&stand, partition, NULL, TEXT("credit=x"));
    for (int turn = 0; turn < 300; turn++)
        engine_turn(stand.member.engine, NULL);
    assert_int_equal(health_of(&stand).partitions_stopped, 1);
    assert_int_equal(health_of(&stand).partitions_live, PARTITIONS - 1);
    end(&stand);
}

/* What a newer version wrote is not thrown away. */
static void test_a_newer_value_stops(void **state)
{
    (void)state;
    struct stand stand;
    struct store_key key;
    begin(&stand, 150);
    int32_t partition = partition_with_values(&stand, &key);
    put(&stand, partition, &key, TEXT("newer"));
    feed_some(&stand.world, 66);
    for (int turn = 0; turn < 300; turn++)
        engine_turn(stand.member.engine, NULL);
    struct engine_health health = health_of(&stand);
    assert_int_equal(health.metrics[ENGINE_METRIC_damaged], 0);
    assert_int_equal(health.partitions_stopped, 1);
    assert_int_equal(health.partitions_live, PARTITIONS - 1);
    assert_string_equal(health.cause, "newer");
    end(&stand);
}

static void test_newer_offsets_stop(void **state)
{
    (void)state;
    struct stand stand;
    begin(&stand, 150);
    put(&stand, 1, NULL, TEXT("format=2 credit=5"));
    member_end(&stand.member);
    member_begin(&stand.member, &stand.world, &stand.config);
    feed_some(&stand.world, 66);
    for (int turn = 0; turn < 300; turn++)
        engine_turn(stand.member.engine, NULL);
    assert_int_equal(health_of(&stand).partitions_stopped, 1);
    assert_int_equal(health_of(&stand).stopped[0], 1);
    end(&stand);
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
