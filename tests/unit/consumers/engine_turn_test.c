#include "tests/unit/consumers/engine_stand.h"

static void test_sums(void **state)
{
    (void)state;
    struct stand stand;
    stand_begin(&stand);
    feed_some(&stand.world, 100);
    run(&stand.member);
    feed_some(&stand.world, 100);
    run(&stand.member);
    check_exact(&stand.world);
    struct engine_health health = stand_health(&stand);
    assert_int_equal(health.metrics[ENGINE_METRIC_records], 200);
    assert_int_equal(health.metrics[ENGINE_METRIC_replayed], 0);
    assert_int_equal(health.metrics[ENGINE_METRIC_recoveries], 0);
    assert_int_equal(health.partitions_live, PARTITIONS);
    stand_end(&stand);
}

/* What a record writes to its own input topic comes back as input, once. */
static void test_chain(void **state)
{
    (void)state;
    struct stand stand;
    stand_begin(&stand);
    feed(&stand.world, "credit", "a", "chain 9");
    run(&stand.member);
    check_exact(&stand.world);
    assert_int_equal(stored_sum(&stand.world,
                         memory_broker_end(stand.world.broker, "credit", 0) != 0       ? 0
                             : memory_broker_end(stand.world.broker, "credit", 1) != 0 ? 1
                                                                                       : 2,
                         TEXT("a")),
        10);
    stand_end(&stand);
}

/* Records that together do not fit are taken in smaller batches; one that never fits is refused, the rest go on. */
static void test_small_arena(void **state)
{
    (void)state;
    struct stand stand;
    stand_prepare(&stand);
    stand.config.arena_bytes = 100000;
    stand_start(&stand);
    for (int i = 0; i < 20; i++)
        feed(&stand.world, "credit", "a", i == 10 ? "big 200000" : "big 40000");
    run(&stand.member);
    check_exact(&stand.world);
    struct engine_health health = stand_health(&stand);
    assert_true(health.metrics[ENGINE_METRIC_batches_halved] > 0);
    assert_int_equal(health.metrics[ENGINE_METRIC_rejections], 1);
    assert_int_equal(health.partitions_stopped, 0);
    stand_end(&stand);
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
    struct stand stand;
    stand_prepare(&stand);
    stand.config.batch_records_max = 100;
    int told = 0;
    stand.config.witness = (struct engine_witness){ note_evidence, &told };
    stand_start(&stand);
    for (int p = 0; p < PARTITIONS; p++)
        for (int i = 0; i < 5; i++) {
            struct log_output record = { .topic = "credit",
                .partition = p,
                .key = TEXT("k"),
                .value = text_of(p == 1 && i == 2 ? "break 0" : "1") };
            memory_broker_append(stand.world.broker, &record, (instant){ 1, 0 });
        }
    stand_turn(&stand, 50);
    struct engine_health health = stand_health(&stand);
    assert_int_equal(told, 1);
    assert_int_equal(health.partitions_stopped, 1);
    assert_int_equal(health.stopped[0], 1);
    assert_int_equal(stored_sum(&stand.world, 0, TEXT("k")), 5);
    assert_int_equal(stored_sum(&stand.world, 1, TEXT("k")), 0);
    assert_int_equal(stored_sum(&stand.world, 2, TEXT("k")), 5);
    assert_int_equal(health.metrics[ENGINE_METRIC_outputs], 10);
    assert_int_equal(memory_broker_committed(stand.world.broker, "credit", 1), -1);
    stand_end(&stand);
}

static void test_emptied_store(void **state)
{
    (void)state;
    struct stand stand;
    stand_begin(&stand);
    feed_some(&stand.world, 150);
    run(&stand.member);
    store_memory_clear(stand.world.store);
    feed_some(&stand.world, 30);
    run(&stand.member);
    /* Partitions that got nothing new come back with the next start. */
    stand_restart(&stand);
    run(&stand.member);
    check_exact(&stand.world);
    struct engine_health health = stand_health(&stand);
    assert_true(health.metrics[ENGINE_METRIC_replayed] == 0);
    stand_end(&stand);
}

/* At every moment of a run the store may fall back to any earlier moment. */
static void test_rolled_back_store(void **state)
{
    (void)state;
    for (int taken = 0; taken < 40; taken += 3)
        for (int lost = 0; lost < 20; lost += 4) {
            struct stand stand;
            stand_begin(&stand);
            feed_some(&stand.world, 150);
            stand_turn(&stand, taken);
            struct store *snapshot = store_memory_copy(stand.world.store);
            stand_turn(&stand, lost);
            store_memory_restore(stand.world.store, snapshot);
            feed_some(&stand.world, 66); /* something for every partition: an idle one is not read */
            run(&stand.member);
            check_exact(&stand.world);
            snapshot->ops->free(snapshot);
            stand_end(&stand);
        }
}

/* Two members; one stands still in the middle of a batch while the other is given its partitions, then wakes. */
static void test_frozen_member(void **state)
{
    (void)state;
    for (int steps = 0; steps < 120; steps++) {
        struct stand stand;
        struct member other;
        struct member *frozen = &stand.member;
        stand_begin(&stand);
        feed_some(&stand.world, 100);
        for (int step = 0; step < steps; step++)
            engine_advance(frozen->engine, NULL);
        log_memory_expel(frozen->log);
        member_begin(&other, &stand.world, &stand.config);
        run(&other);
        feed_some(&stand.world, 50);
        for (int turn = 0; turn < 200; turn++) {
            engine_turn(frozen->engine, NULL);
            engine_turn(other.engine, NULL);
        }
        assert_true(all_committed(&stand.world));
        check_exact(&stand.world);
        member_end(&other);
        stand_end(&stand);
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
