#include "policy/per_visit.h"

#include "tests/unit/policy/turn_sample.h"

#define EMPLOYED term_bit(CATEGORY_EMPLOYEE_INSURED)
#define RETIRED (EMPLOYED | term_bit(CATEGORY_RETIRED))

static struct policy_per_visit_values *values;

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_PER_VISIT, FUND_POOL);
    values = &versions[0].per_visit;
    *values = (struct policy_per_visit_values){ .holders = EMPLOYED,
        .deductible = { { 0 }, { 3000 }, { 6000 }, { 9000 } },
        .share = { { 0 }, { 7000 }, { 6500 }, { 6000 } },
        .plus_category = CATEGORY_RETIRED,
        .plus = RATE_BP(500),
        .cap = CAP_YUAN(1500),
        .plus_cap = CAP_YUAN(2000) };
    visit.care = CARE_OUTPATIENT;
    sample_hold(EMPLOYED);
}

static const struct policy_line *settled(uint8_t level, money in_policy)
{
    lines.count = 0;
    visit.level = level;
    sample_cost(in_policy);
    policy_per_visit_line(&turn, &rules[0], values);
    return sample_line();
}

static void the_level_sets_deductible_and_rate(void **state)
{
    (void)state;
    begin();
    line_is(settled(LEVEL_LEVEL_1, YUAN(260)), 26000, 3000, 16100);
    line_is(settled(LEVEL_LEVEL_2, YUAN(260)), 26000, 6000, 13000);
    line_is(settled(LEVEL_LEVEL_3, YUAN(260)), 26000, 9000, 10200);
    line_is(settled(LEVEL_LEVEL_2, YUAN(60)), 6000, 6000, 0);
    line_is(settled(LEVEL_LEVEL_2, MONEY_FEN(6001)), 6001, 6000, 1);
    line_is(settled(LEVEL_LEVEL_2, MONEY_FEN(5999)), 5999, 5999, 0);
    sample_hold(RETIRED);
    line_is(settled(LEVEL_LEVEL_2, YUAN(260)), 26000, 6000, 14000);
}

static void the_cap_is_the_years(void **state)
{
    (void)state;
    begin();
    year.tallies[0].paid = YUAN(1370);
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(260))->amount.fen, 13000);
    assert_false(sample_line()->capped);
    year.tallies[0].paid = MONEY_FEN(137001);
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(260))->amount.fen, 12999);
    assert_true(sample_line()->capped);
    sample_hold(RETIRED);
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(260))->amount.fen, 14000);
}

static void paid_months_make_the_cap_grow(void **state)
{
    (void)state;
    begin();
    gates.paid_months = 1;
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(260))->amount.fen, 12500);
    gates.paid_months = 0;
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(260))->amount.fen, 0);
    gates.paid_months = 12;
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(2600))->amount.fen, 150000);
    gates.paid_months = 0;
    sample_hold(RETIRED);
    assert_int_equal(settled(LEVEL_LEVEL_2, YUAN(260))->amount.fen, 14000);
}

static void nothing_is_paid_twice(void **state)
{
    (void)state;
    begin();
    visit.paid[PAYER_OTHER_AID] = YUAN(200);
    line_is(settled(LEVEL_LEVEL_2, YUAN(260)), 26000, 6000, 6000);
    assert_int_equal(sample_line()->limit, LIMIT_COST);
}

static void who_is_not_insured_has_no_line(void **state)
{
    (void)state;
    begin();
    sample_hold(term_bit(CATEGORY_RETIRED));
    policy_per_visit_line(&turn, &rules[0], values);
    assert_int_equal(lines.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_level_sets_deductible_and_rate),
        cmocka_unit_test(the_cap_is_the_years), cmocka_unit_test(paid_months_make_the_cap_grow),
        cmocka_unit_test(nothing_is_paid_twice), cmocka_unit_test(who_is_not_insured_has_no_line) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
