/* What a person's other facts say about an encounter is seen in its reasons, and in the cap by months. */
#include "tests/unit/state/world_sample.h"

static term_set reasons_of(const char *id)
{
    world_fold();
    return world_subject(SUBJECT_ENCOUNTER, id)->reasons;
}

/* ---- Claims ---- */

static void manual_stay(const char *id, day discharged)
{
    world_visit(id, CARE_INPATIENT, discharged, 100000)->channel = CHANNEL_MANUAL;
}

static void claim(day on, const char *first, const char *second)
{
    struct text *ids = ARENA_ARRAY(arena, 2, struct text);
    assert_non_null(ids);
    ids[0] = text_of(first);
    ids[1] = text_of(second == NULL ? first : second);
    struct fact_case *action = world_act(ACTION_CLAIM, 0, on);
    action->encounter_ids = ids;
    action->encounter_count = 2;
}

static void begin_assistance(void)
{
    world_begin("140425");
    world_hold(CATEGORY_SUBSISTENCE_ALLOWANCE, day_of(2020, 1, 1));
    manual_stay("E1", day_of(2023, 3, 10));
}

static void a_claim_has_180_days(void **state)
{
    (void)state;
    begin_assistance();
    assert_int_equal(reasons_of("E1"), term_bit(REASON_CLAIM_MISSING));
    claim(day_of(2023, 9, 7), "E1", NULL);
    assert_int_equal(reasons_of("E1"), term_bit(REASON_LATE_CLAIM));
    claim(day_of(2023, 9, 6), "E1", NULL);
    assert_int_equal(reasons_of("E1"), 0);
}

static void stays_claimed_together_run_from_the_last_of_the_year(void **state)
{
    (void)state;
    begin_assistance();
    claim(day_of(2023, 12, 7), "E1", "E2");
    assert_int_equal(reasons_of("E1"), term_bit(REASON_LATE_CLAIM));
    manual_stay("E2", day_of(2023, 6, 10));
    assert_int_equal(reasons_of("E1"), 0);
}

static void a_stay_of_another_year_lends_no_time(void **state)
{
    (void)state;
    begin_assistance();
    manual_stay("E2", day_of(2024, 1, 1));
    claim(day_of(2024, 1, 2), "E1", "E2");
    assert_int_equal(reasons_of("E1"), term_bit(REASON_LATE_CLAIM));
    assert_int_equal(reasons_of("E2"), 0);
}

/* ---- Applications ---- */

static void the_margin_waits_for_its_approval(void **state)
{
    (void)state;
    world_begin("140425");
    world_hold(CATEGORY_LOW_INCOME_MARGIN, day_of(2020, 1, 1));
    (void)world_visit("E1", CARE_INPATIENT, day_of(2023, 3, 10), 100000);
    (void)world_visit("E2", CARE_INPATIENT, day_of(2024, 3, 10), 100000);
    world_act(ACTION_APPLY, SCHEME_ASSISTANCE, day_of(2023, 4, 1));
    assert_int_equal(reasons_of("E1"), term_bit(REASON_APPLICATION_MISSING));
    world_act(ACTION_APPROVE, SCHEME_ASSISTANCE, day_of(2023, 4, 2));
    assert_int_equal(reasons_of("E1"), 0);
    assert_int_equal(reasons_of("E2"), term_bit(REASON_APPLICATION_MISSING));
}

/* ---- Arrears ---- */

static void member(int funding, day from)
{
    world_hold(CATEGORY_SUPPLEMENTARY_MEMBER, from)->identity.funding = (uint8_t)funding;
}

static bool owes_on(int funding, day discharged)
{
    world_begin("621000");
    world_hold(CATEGORY_EMPLOYEE_INSURED, day_of(2020, 1, 1));
    member(funding, day_of(2020, 1, 1));
    (void)world_visit("E1", CARE_INPATIENT, discharged, 100000);
    return reasons_of("E1") == term_bit(REASON_ARREARS);
}

static void pay(int month, day on)
{
    world_pay(CONTRIBUTION_SUPPLEMENTARY, 2021, month, on)->amount = MONEY_FEN(month == 0 ? 135000 : 11250);
}

static void due_days_by_funding(void **state)
{
    (void)state;
    assert_false(owes_on(FUNDING_FISCAL, day_of(2021, 12, 31)));
    assert_false(owes_on(FUNDING_MONTHLY, day_of(2021, 1, 10)));
    assert_true(owes_on(FUNDING_MONTHLY, day_of(2021, 1, 11)));
    assert_false(owes_on(FUNDING_YEARLY, day_of(2021, 3, 31)));
    assert_true(owes_on(FUNDING_YEARLY, day_of(2021, 4, 1)));
    assert_true(owes_on(0, day_of(2021, 4, 1)));
}

static void december_is_due_on_the_25th(void **state)
{
    (void)state;
    for (int last = 25; last <= 26; last++) {
        (void)owes_on(FUNDING_MONTHLY, day_of(2021, 12, last));
        for (int month = 1; month <= 11; month++)
            pay(month, day_of(2021, month, 10));
        assert_int_equal(reasons_of("E1"), last == 25 ? 0 : term_bit(REASON_ARREARS));
    }
}

static void paid_by_the_day_of_discharge_in_the_right_amount(void **state)
{
    (void)state;
    assert_true(owes_on(FUNDING_MONTHLY, day_of(2021, 1, 20)));
    pay(1, day_of(2021, 1, 21));
    assert_int_equal(reasons_of("E1"), term_bit(REASON_ARREARS));
    pay(1, day_of(2021, 1, 20));
    assert_int_equal(reasons_of("E1"), 0);
    world_pay(CONTRIBUTION_SUPPLEMENTARY, 2021, 1, day_of(2021, 1, 20))->amount = MONEY_FEN(11249);
    assert_int_equal(reasons_of("E1"), term_bit(REASON_ARREARS));
    pay(0, day_of(2021, 1, 20));
    assert_int_equal(reasons_of("E1"), 0);
}

static void months_before_the_membership_are_not_owed(void **state)
{
    (void)state;
    for (int begun = 10; begun <= 11; begun++) {
        world_begin("621000");
        world_hold(CATEGORY_EMPLOYEE_INSURED, day_of(2020, 1, 1));
        member(FUNDING_MONTHLY, day_of(2021, 5, begun));
        (void)world_visit("E1", CARE_INPATIENT, day_of(2021, 5, 12), 100000);
        assert_int_equal(reasons_of("E1"), begun == 11 ? 0 : term_bit(REASON_ARREARS));
    }
}

/* ---- Months ---- */

/* Shangluo art. 14: 125 for each month paid by the day of the visit. */
static void the_cap_grows_with_the_months(void **state)
{
    (void)state;
    world_begin("611000");
    world_hold(CATEGORY_EMPLOYEE_INSURED, day_of(2020, 1, 1))->identity.funding = FUNDING_MONTHLY;
    (void)world_visit("E1", CARE_OUTPATIENT, day_of(2023, 3, 10), 100000); /* (1,000 - 30) x 70% = 679 */
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 1, day_of(2023, 3, 10));
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 2, day_of(2023, 3, 11));
    world_fold();
    assert_int_equal(world_subject(SUBJECT_ENCOUNTER, "E1")->benefit.fen, 12500);
    world_pay(CONTRIBUTION_EMPLOYEE, 2023, 0, day_of(2023, 3, 1));
    world_fold();
    assert_int_equal(world_subject(SUBJECT_ENCOUNTER, "E1")->benefit.fen, 67900);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_claim_has_180_days),
        cmocka_unit_test(stays_claimed_together_run_from_the_last_of_the_year),
        cmocka_unit_test(a_stay_of_another_year_lends_no_time), cmocka_unit_test(the_margin_waits_for_its_approval),
        cmocka_unit_test(due_days_by_funding), cmocka_unit_test(december_is_due_on_the_25th),
        cmocka_unit_test(paid_by_the_day_of_discharge_in_the_right_amount),
        cmocka_unit_test(months_before_the_membership_are_not_owed), cmocka_unit_test(the_cap_grows_with_the_months) };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
