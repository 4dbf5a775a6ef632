#include "state/store_memory.h"
#include "tests/unit/consumers/engine_stand.h"

/* One whole run with one fault in it; false when the run was over before the fault's turn came. */
static bool run_with(enum faulty_kind kind, long at)
{
    struct stand stand;
    stand_begin(&stand);
    stand.member.faulty.kind = kind;
    stand.member.faulty.at = at;
    feed_some(&stand.world, 60);
    feed(&stand.world, "credit", "k3", "chain 5");
    bool has_fired = stand_run_through_fault(&stand);
    check_exact(&stand.world);
    stand_end(&stand);
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
        struct stand stand;
        stand_begin(&stand);
        feed_some(&stand.world, 60);
        for (int step = 0; step < steps; step++)
            engine_advance(stand.member.engine, NULL);
        stand_restart(&stand);
        run(&stand.member);
        check_exact(&stand.world);
        stand_end(&stand);
    }
}

/* A store that is away for long: the engine says so, goes on polling, backs off, and loses nothing. */
static void test_store_away(void **state)
{
    (void)state;
    struct stand stand;
    stand_begin(&stand);
    feed_some(&stand.world, 30);
    stand_turn(&stand, 4);
    stand.member.faulty.is_store_away = true;
    long polls = stand.member.faulty.polls, tries = stand.member.faulty.store_calls;
    stand_turn(&stand, 2000);
    struct engine_health health = stand_health(&stand);
    assert_int_equal(health.state, ENGINE_WAITING_FOR_REDIS);
    assert_string_equal(engine_state_name(health.state), "waiting for redis");
    assert_string_equal(health.cause, "away");
    assert_true(stand.member.faulty.polls - polls > 1500);
    assert_in_range(stand.member.faulty.store_calls - tries, 3, 20);
    stand.member.faulty.is_store_away = false;
    run(&stand.member);
    check_exact(&stand.world);
    health = stand_health(&stand);
    assert_int_equal(health.state, ENGINE_LIVE);
    assert_string_equal(health.cause, "");
    stand_end(&stand);
}

/* Nothing comes any more, and Redis forgets everything: it does not stay empty until something comes. */
static void test_idle_store_forgets(void **state)
{
    (void)state;
    struct stand stand;
    stand_begin(&stand);
    feed_some(&stand.world, 30);
    run(&stand.member);
    store_memory_clear(stand.world.store);
    stand_turn(&stand, 10000);
    check_exact(&stand.world);
    struct engine_health health = stand_health(&stand);
    assert_int_equal(health.state, ENGINE_LIVE);
    assert_int_equal(health.metrics[ENGINE_METRIC_store_moved_on], 1);
    stand_end(&stand);
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
