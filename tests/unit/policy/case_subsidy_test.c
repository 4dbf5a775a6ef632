#include "policy/case_subsidy.h"

#include "tests/unit/policy/turn_sample.h"

/* Jingning 二（二）: above 10,000 50% in hardship, above 50,000 40% for others, at most 100,000. */
static const struct policy_case_subsidy_values values = { .cares = 1u << CARE_INPATIENT | 1u << CARE_CHRONIC,
    .within = { "", 0 },
    .base = { .less_payers = ALL_PAYERS },
    .hardship_deductible = { 1000000 },
    .deductible = { 5000000 },
    .hardship_share = { 5000 },
    .share = { 4000 },
    .cap = { .limited = true, .amount = { 10000000 } } };

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_CASE_SUBSIDY, FUND_SUBSIDY);
    (void)sample_hold, (void)sample_cost, (void)sample_line;
}

static struct policy_line line_on(int64_t base, bool in_hardship)
{
    return policy_case_subsidy_line(&rules[0], &values, MONEY_FEN(base), in_hardship);
}

static void the_base_is_what_all_payers_left(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(100));
    visit.basic_deductible = YUAN(20);
    visit.paid[PAYER_BASIC] = YUAN(50);
    visit.paid[PAYER_OTHER_AID] = YUAN(10);
    assert_int_equal(policy_case_subsidy_base(&visit, &values).fen, 4000);
}

static void what_does_not_count_has_no_base(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(100));
    visit.care = CARE_OUTPATIENT;
    assert_int_equal(policy_case_subsidy_base(&visit, &values).fen, 0);
    visit.care = CARE_CHRONIC;
    assert_int_equal(policy_case_subsidy_base(&visit, &values).fen, 10000);
    visit.designated = false;
    assert_int_equal(policy_case_subsidy_base(&visit, &values).fen, 0);
    visit.designated = true;
    visit.exclusion = EXCLUSION_CRIME;
    assert_int_equal(policy_case_subsidy_base(&visit, &values).fen, 0);
}

static void only_hospitals_within_where_a_place_is_named(void **state)
{
    struct policy_case_subsidy_values narrow = values;
    (void)state;
    begin();
    sample_cost(YUAN(100));
    narrow.within = TEXT("1404");
    assert_int_equal(policy_case_subsidy_base(&visit, &narrow).fen, 10000);
    narrow.within = TEXT("331127");
    assert_int_equal(policy_case_subsidy_base(&visit, &narrow).fen, 0);
}

static void the_header_s_worked_number(void **state)
{
    (void)state;
    begin();
    struct policy_line line = line_on(6000000, true);
    line_is(&line, 6000000, 1000000, 2500000);
    line = line_on(6000000, false);
    line_is(&line, 6000000, 5000000, 400000);
}

static void up_to_the_deductible_nothing(void **state)
{
    (void)state;
    begin();
    struct policy_line line = line_on(999999, true);
    line_is(&line, 999999, 999999, 0);
    line = line_on(1000000, true);
    line_is(&line, 1000000, 1000000, 0);
    line = line_on(1000001, true);
    line_is(&line, 1000001, 1000000, 1);
    line = line_on(5000001, false);
    line_is(&line, 5000001, 5000000, 0);
}

static void the_cap_applies_after_rounding(void **state)
{
    (void)state;
    begin();
    struct policy_line line = line_on(21000000, true);
    assert_int_equal(line.amount.fen, 10000000);
    assert_false(line.capped);
    line = line_on(21000001, true);
    assert_int_equal(line.amount.fen, 10000000);
    assert_true(line.capped);
    assert_int_equal(line.limit, LIMIT_YEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_base_is_what_all_payers_left),
        cmocka_unit_test(what_does_not_count_has_no_base),
        cmocka_unit_test(only_hospitals_within_where_a_place_is_named), cmocka_unit_test(the_header_s_worked_number),
        cmocka_unit_test(up_to_the_deductible_nothing), cmocka_unit_test(the_cap_applies_after_rounding) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
