#include "tests/unit/state/world_sample.h"

#define YEARS_AGO day_of(2010, 1, 1)

static void begin(void)
{
    world_begin("331127");
    world_hold(CATEGORY_LOCAL_HOUSEHOLD, YEARS_AGO);
    world_hold(CATEGORY_RESIDENT_INSURED, YEARS_AGO);
    (void)world_visit("E1", CARE_INPATIENT, day_of(2022, 3, 10), 6000000);
}

static struct fact_case *act(int action, day on)
{
    return world_act(action, SCHEME_HIGH_COST_SUBSIDY, on);
}

static const struct ledger_subject *judged(void)
{
    world_fold();
    for (size_t i = 0; i < ledger.subject_count; i++)
        if (ledger.subjects[i].subject == SUBJECT_CASE)
            return &ledger.subjects[i];
    fail_msg("no case");
    return NULL;
}

static void case_is(int outcome, term_set reasons, int64_t amount)
{
    const struct ledger_subject *subject = judged();
    assert_int_equal(subject->outcome, outcome);
    assert_int_equal(subject->reasons, reasons);
    assert_int_equal(subject->benefit.fen, amount);
    assert_int_equal(subject->burden.fen, 0);
}

/* (60,000 - 50,000) x 40% = 4,000. */
static void the_amount_is_shown_while_it_waits(void **state)
{
    (void)state;
    begin();
    act(ACTION_APPLY, day_of(2022, 5, 1));
    case_is(OUTCOME_PENDING, 0, 400000);
}

static void the_notice_lets_it_go_and_an_objection_holds_it(void **state)
{
    (void)state;
    begin();
    act(ACTION_APPLY, day_of(2022, 5, 1));
    act(ACTION_APPROVE, day_of(2022, 5, 2));
    act(ACTION_NOTICE_START, day_of(2022, 5, 3));
    case_is(OUTCOME_PENDING, 0, 400000);
    act(ACTION_NOTICE_PASSED, day_of(2022, 5, 4));
    case_is(OUTCOME_FINAL, 0, 400000);
    act(ACTION_OBJECTION, day_of(2022, 5, 5));
    case_is(OUTCOME_HELD, 0, 400000);
    act(ACTION_WITHDRAW, day_of(2022, 5, 6));
    case_is(OUTCOME_FINAL, term_bit(REASON_WITHDRAWN), 0);
}

static int outcome_when_applied(int year, day on)
{
    begin();
    act(ACTION_APPLY, on)->year = (int16_t)year; /* the only action, so the list stays in order */
    return judged()->outcome;
}

static void the_last_day_is_30_june(void **state)
{
    (void)state;
    assert_int_equal(outcome_when_applied(2022, day_of(2023, 6, 30)), OUTCOME_PENDING);
    assert_int_equal(outcome_when_applied(2022, day_of(2023, 7, 1)), OUTCOME_LAPSED);
    assert_int_equal(judged()->reasons, term_bit(REASON_LATE_APPLICATION));
}

static void the_first_day_is_1_december_2021(void **state)
{
    (void)state;
    assert_int_equal(outcome_when_applied(2021, day_of(2021, 11, 30)), OUTCOME_FINAL);
    assert_int_equal(judged()->reasons, term_bit(REASON_BEFORE_POLICY));
    assert_int_equal(outcome_when_applied(2021, day_of(2021, 12, 1)), OUTCOME_PENDING);
}

/* Insured elsewhere-born: three years to the day; the same date before 29 February 2024 is 28 February 2021. */
static term_set reasons_when_insured_since(day since, day applied_on)
{
    world_begin("331127");
    world_hold(CATEGORY_EMPLOYEE_INSURED, since);
    act(ACTION_APPLY, applied_on);
    return judged()->reasons;
}

static void three_years_to_the_day(void **state)
{
    (void)state;
    term_set no = term_bit(REASON_NOT_ELIGIBLE);
    assert_int_equal(reasons_when_insured_since(day_of(2019, 5, 1), day_of(2022, 5, 1)), 0);
    assert_int_equal(reasons_when_insured_since(day_of(2019, 5, 2), day_of(2022, 5, 1)), no);
    assert_int_equal(reasons_when_insured_since(day_of(2021, 2, 28), day_of(2024, 2, 29)), 0);
    assert_int_equal(reasons_when_insured_since(day_of(2021, 3, 1), day_of(2024, 2, 29)), no);
}

static void hardship_is_of_the_day_of_approval(void **state)
{
    (void)state;
    begin();
    world_hold(CATEGORY_LOW_INCOME_MARGIN, day_of(2022, 5, 2));
    act(ACTION_APPLY, day_of(2022, 5, 1));
    case_is(OUTCOME_PENDING, 0, 400000);
    act(ACTION_APPROVE, day_of(2022, 5, 2))->amount = MONEY_FEN(1000000);
    case_is(OUTCOME_PENDING, 0, 2000000); /* (60,000 - 10,000 - 10,000) x 50% */
    assert_int_equal(judged()->applied, CATEGORY_LOW_INCOME_MARGIN);
}

static void two_years_of_one_case_id_are_two_subjects(void **state)
{
    (void)state;
    begin();
    act(ACTION_APPLY, day_of(2022, 5, 1))->case_id = TEXT("C");
    act(ACTION_APPLY, day_of(2023, 5, 1))->case_id = TEXT("C");
    world_fold();
    assert_int_equal(world_subject(SUBJECT_CASE, "C")->year, 2022);
    assert_int_equal(world_subject(SUBJECT_CASE, "e04")->year, 2023);
}

static void may_apply_above_the_deductible_without_a_case(void **state)
{
    (void)state;
    begin();
    world_fold();
    assert_int_equal(ledger.watch_count, 1);
    assert_true(ledger.watches[0].may_apply);
    assert_int_equal(ledger.watches[0].threshold.fen, 5000000);
    assert_int_equal(ledger.watches[0].burden.fen, 6000000);
    act(ACTION_APPLY, day_of(2022, 5, 1));
    world_fold();
    assert_false(ledger.watches[0].may_apply);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_amount_is_shown_while_it_waits),
        cmocka_unit_test(the_notice_lets_it_go_and_an_objection_holds_it), cmocka_unit_test(the_last_day_is_30_june),
        cmocka_unit_test(the_first_day_is_1_december_2021), cmocka_unit_test(three_years_to_the_day),
        cmocka_unit_test(hardship_is_of_the_day_of_approval),
        cmocka_unit_test(two_years_of_one_case_id_are_two_subjects),
        cmocka_unit_test(may_apply_above_the_deductible_without_a_case) };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
