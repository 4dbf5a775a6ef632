#include "state/store_memory.h"
#include "tests/unit/consumers/engine_world.h"

/* One whole run with one fault in it; false when the run was over before the fault's turn came. */
static bool run_with(enum faulty_kind kind, long at)
{
    struct world world;
    struct member member;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    member_begin(&member, &world, &config);
    member.faulty.kind = kind;
    member.faulty.at = at;
    feed_some(&world, 60);
    feed(&world, "credit", "k3", "chain 5");
    run(&member);
    bool has_fired = member.faulty.has_fired;
    if (member.faulty.has_crashed) {
        member_end(&member);
        member_begin(&member, &world, &config);
        run(&member);
    }
    check_exact(&world);
    member_end(&member);
    world_end(&world);
    return has_fired;
}

static void run_all(enum faulty_kind kind)
{
    long at = 0;
    while (run_with(kind, at))
        at++;
    assert_true(at > 80); /* every call of a whole run had its turn */
}

static void test_fails_before(void **state)
{
    (void)state;
    run_all(FAULTY_BEFORE);
}

static void test_fails_after(void **state)
{
    (void)state;
    run_all(FAULTY_AFTER);
}

static void test_crashes_before(void **state)
{
    (void)state;
    run_all(FAULTY_CRASH_BEFORE);
}

static void test_crashes_after(void **state)
{
    (void)state;
    run_all(FAULTY_CRASH_AFTER);
}

/* Thrown away between any two named steps. */
static void test_crashes_at_every_step(void **state)
{
    (void)state;
    for (int steps = 0; steps < 150; steps++) {
        struct world world;
        struct member member;
        world_begin(&world);
        struct engine_config config = world_config(&world);
        member_begin(&member, &world, &config);
        feed_some(&world, 60);
        for (int step = 0; step < steps; step++)
            engine_advance(member.engine, NULL);
        member_end(&member);
        member_begin(&member, &world, &config);
        run(&member);
        check_exact(&world);
        member_end(&member);
        world_end(&world);
    }
}

/* A store that is away for long: the engine says so, goes on polling, backs off, and loses nothing. */
static void test_store_away(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    struct engine_health health;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    member_begin(&member, &world, &config);
    feed_some(&world, 30);
    for (int turn = 0; turn < 4; turn++)
        engine_turn(member.engine, NULL);
    member.faulty.is_store_away = true;
    long polls = member.faulty.polls, tries = member.faulty.store_calls;
    for (int turn = 0; turn < 2000; turn++)
        engine_turn(member.engine, NULL);
    engine_health(member.engine, &health);
    assert_int_equal(health.state, ENGINE_WAITING_FOR_REDIS);
    assert_string_equal(engine_state_name(health.state), "waiting for redis");
    assert_string_equal(health.cause, "away");
    assert_true(member.faulty.polls - polls > 1500);
    assert_in_range(member.faulty.store_calls - tries, 3, 20);
    member.faulty.is_store_away = false;
    run(&member);
    check_exact(&world);
    engine_health(member.engine, &health);
    assert_int_equal(health.state, ENGINE_LIVE);
    assert_string_equal(health.cause, "");
    member_end(&member);
    world_end(&world);
}

/* Nothing comes any more, and Redis forgets everything: it does not stay empty until something comes. */
static void test_idle_store_forgets(void **state)
{
    (void)state;
    struct world world;
    struct member member;
    struct engine_health health;
    world_begin(&world);
    struct engine_config config = world_config(&world);
    member_begin(&member, &world, &config);
    feed_some(&world, 30);
    run(&member);
    store_memory_clear(world.store);
    for (int turn = 0; turn < 10000; turn++)
        engine_turn(member.engine, NULL);
    check_exact(&world);
    engine_health(member.engine, &health);
    assert_int_equal(health.state, ENGINE_LIVE);
    assert_int_equal(health.metrics[ENGINE_METRIC_store_moved_on], 1);
    member_end(&member);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fails_before),
        cmocka_unit_test(test_fails_after),
        cmocka_unit_test(test_crashes_before),
        cmocka_unit_test(test_crashes_after),
        cmocka_unit_test(test_crashes_at_every_step),
        cmocka_unit_test(test_store_away),
        cmocka_unit_test(test_idle_store_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
