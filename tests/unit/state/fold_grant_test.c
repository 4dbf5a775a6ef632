#include "tests/unit/state/world_sample.h"

static void grant(const char *event_id, day on, int64_t fen)
{
    grants[grant_count++] = (struct fold_grant){ .event_id = text_of(event_id), .on = on, .per_head = MONEY_FEN(fen) };
}

static void begin(void)
{
    world_begin("140522");
    world_hold(CATEGORY_CIVIL_SERVANT_SUBSIDY, day_of(2020, 1, 1));
}

static void a_holder_of_the_day_receives_it(void **state)
{
    (void)state;
    begin();
    grant("G1", day_of(2022, 6, 30), 50000);
    world_fold();
    const struct ledger_subject *subject = world_subject(SUBJECT_ACCOUNT, "G1");
    assert_int_equal(subject->benefit.fen, 50000);
    assert_int_equal(subject->account.fen, 0);
    assert_int_equal(subject->burden.fen, 0);
    assert_int_equal(subject->applied, CATEGORY_CIVIL_SERVANT_SUBSIDY);
    assert_int_equal(subject->year, 2022);
}

static void who_holds_it_no_more_does_not(void **state)
{
    (void)state;
    begin();
    world_hold(CATEGORY_CIVIL_SERVANT_SUBSIDY, day_of(2022, 6, 30))->identity.action = IDENTITY_ACTION_REVOKE;
    grant("G0", day_of(2022, 6, 29), 40000);
    grant("G1", day_of(2022, 6, 30), 50000);
    world_fold();
    assert_int_equal(ledger.subject_count, 1);
    assert_non_null(world_find(SUBJECT_ACCOUNT, "G0"));
}

static void before_the_policy_there_is_none(void **state)
{
    (void)state;
    begin();
    grant("G0", day_of(2020, 12, 31), 40000);
    grant("G1", day_of(2021, 1, 1), 50000);
    world_fold();
    assert_int_equal(ledger.subject_count, 1);
    assert_non_null(world_find(SUBJECT_ACCOUNT, "G1"));
}

static void another_county_has_none(void **state)
{
    (void)state;
    world_begin("140425");
    world_hold(CATEGORY_CIVIL_SERVANT_SUBSIDY, day_of(2020, 1, 1));
    grant("G1", day_of(2023, 6, 30), 50000);
    world_fold();
    assert_int_equal(ledger.subject_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_holder_of_the_day_receives_it),
        cmocka_unit_test(who_holds_it_no_more_does_not), cmocka_unit_test(before_the_policy_there_is_none),
        cmocka_unit_test(another_county_has_none) };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
