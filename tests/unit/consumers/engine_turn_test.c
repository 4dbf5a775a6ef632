#include "tests/unit/consumers/engine_world.h"

static void test_sums(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    member_begin(&member, &world, &config);
    feed_some(&world, 100);
    run(&member);
    feed_some(&world, 100);
    run(&member);
    check_exact(&world);
    struct engine_health health;
    engine_health(member.engine, &health);
    assert_int_equal(health.metrics[ENGINE_METRIC_records], 200);
    assert_int_equal(health.metrics[ENGINE_METRIC_replayed], 0);
    assert_int_equal(health.metrics[ENGINE_METRIC_recoveries], 0);
    assert_int_equal(health.partitions_live, PARTITIONS);
    member_end(&member);
    world_end(&world);
}

/* What a record writes to its own input topic comes back as input, once. */
static void test_chain(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    member_begin(&member, &world, &config);
    feed(&world, "credit", "a", "chain 9");
    run(&member);
    check_exact(&world);
    assert_int_equal(stored_sum(&world,
                         memory_broker_end(world.broker, "credit", 0) != 0       ? 0
                             : memory_broker_end(world.broker, "credit", 1) != 0 ? 1
                                                                                 : 2,
                         TEXT("a")),
        10);
    member_end(&member);
    world_end(&world);
}

/* Records that together do not fit are taken in smaller batches; one that never fits is refused, the rest go on. */
static void test_small_arena(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    struct engine_health health;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    config.arena_bytes = 100000;
    member_begin(&member, &world, &config);
    for (int i = 0; i < 20; i++)
        feed(&world, "credit", "a", i == 10 ? "big 200000" : "big 40000");
    run(&member);
    check_exact(&world);
    engine_health(member.engine, &health);
    assert_true(health.metrics[ENGINE_METRIC_batches_halved] > 0);
    assert_int_equal(health.metrics[ENGINE_METRIC_rejections], 1);
    assert_int_equal(health.partitions_stopped, 0);
    member_end(&member);
    world_end(&world);
}

/* What a witness was told, and that it is what there is to tell. */
static void note_evidence(void *context, const struct engine_evidence *evidence)
{
    assert_string_equal(evidence->engine, "toy");
    assert_string_equal(evidence->topic, "credit");
    assert_int_equal(evidence->partition, 1);
    assert_int_equal(evidence->offset, 2);
    assert_int_equal(evidence->count, 1);
    assert_true(text_equal(evidence->records[0].value, TEXT("break 0")));
    ++*(int *)context;
}

/* A broken invariant stops its partition before anything of that batch leaves it; the others go on. */
static void test_stopped_partition(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    struct engine_health health;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    config.batch_records_max = 100;
    int told = 0;
    config.witness = (struct engine_witness){ note_evidence, &told };
    member_begin(&member, &world, &config);
    for (int p = 0; p < PARTITIONS; p++)
        for (int i = 0; i < 5; i++) {
            struct log_output record = { .topic = "credit",
                .partition = p,
                .key = TEXT("k"),
                .value = text_of(p == 1 && i == 2 ? "break 0" : "1") };
            memory_broker_append(world.broker, &record, (instant){ 1, 0 });
        }
    for (int turn = 0; turn < 50; turn++)
        engine_turn(member.engine, NULL);
    engine_health(member.engine, &health);
    assert_int_equal(told, 1);
    assert_int_equal(health.partitions_stopped, 1);
    assert_int_equal(health.stopped[0], 1);
    assert_int_equal(stored_sum(&world, 0, TEXT("k")), 5);
    assert_int_equal(stored_sum(&world, 1, TEXT("k")), 0);
    assert_int_equal(stored_sum(&world, 2, TEXT("k")), 5);
    assert_int_equal(health.metrics[ENGINE_METRIC_outputs], 10);
    assert_int_equal(memory_broker_committed(world.broker, "credit", 1), -1);
    member_end(&member);
    world_end(&world);
}

static void test_emptied_store(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    struct engine_health health;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    member_begin(&member, &world, &config);
    feed_some(&world, 150);
    run(&member);
    store_memory_clear(world.store);
    feed_some(&world, 30);
    run(&member);
    /* Partitions that got nothing new come back with the next start. */
    member_end(&member);
    member_begin(&member, &world, &config);
    run(&member);
    check_exact(&world);
    engine_health(member.engine, &health);
    assert_true(health.metrics[ENGINE_METRIC_replayed] == 0);
    member_end(&member);
    world_end(&world);
}

/* At every moment of a run the store may fall back to any earlier moment. */
static void test_rolled_back_store(void **state)
{
    (void)state;
    for (int taken = 0; taken < 40; taken += 3)
        for (int lost = 0; lost < 20; lost += 4) {
            struct world world;
            struct member member;
            world_begin(&world);
            struct engine_config config = world_config(&world);
            member_begin(&member, &world, &config);
            feed_some(&world, 150);
            for (int turn = 0; turn < taken; turn++)
                engine_turn(member.engine, NULL);
            struct store *snapshot = store_memory_copy(world.store);
            for (int turn = 0; turn < lost; turn++)
                engine_turn(member.engine, NULL);
            store_memory_restore(world.store, snapshot);
            feed_some(&world, 66); /* something for every partition: an idle one is not read */
            run(&member);
            check_exact(&world);
            snapshot->ops->free(snapshot);
            member_end(&member);
            world_end(&world);
        }
}

/* Two members; one stands still in the middle of a batch while the other is given its partitions, then wakes. */
static void test_frozen_member(void **state)
{
    (void)state;
    for (int steps = 0; steps < 120; steps++) {
        struct world world;
        struct member frozen, other;
        world_begin(&world);
        struct engine_config config = world_config(&world);
        member_begin(&frozen, &world, &config);
        feed_some(&world, 100);
        for (int step = 0; step < steps; step++)
            engine_advance(frozen.engine, NULL);
        log_memory_expel(frozen.log);
        member_begin(&other, &world, &config);
        run(&other);
        feed_some(&world, 50);
        for (int turn = 0; turn < 200; turn++) {
            engine_turn(frozen.engine, NULL);
            engine_turn(other.engine, NULL);
        }
        assert_true(all_committed(&world));
        check_exact(&world);
        member_end(&frozen);
        member_end(&other);
        world_end(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_small_arena),
        cmocka_unit_test(test_stopped_partition),
        cmocka_unit_test(test_emptied_store),
        cmocka_unit_test(test_rolled_back_store),
        cmocka_unit_test(test_frozen_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
