#include "policy/category_table.h"

#include "tests/unit/policy/turn_sample.h"

static const struct policy_category_row rows[] = { { CATEGORY_SUBSISTENCE_ALLOWANCE, { 0 }, { 7000 } },
    { CATEGORY_AT_RISK_OF_POVERTY, { 1000 }, { 7000 } } };
static const struct policy_shared_cap_row caps[] = { { CATEGORY_SUBSISTENCE_ALLOWANCE, { true, { 6000000 } } } };
static struct policy_category_table_values *values;

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_CATEGORY_TABLE, FUND_ASSISTANCE);
    sample_rule(1, POLICY_SHARED_CAP, 0);
    values = &versions[0].table;
    *values =
        (struct policy_category_table_values){ .base = { .less_payers = ALL_PAYERS, .computed_critical_illness = true },
            .rows = rows,
            .count = COUNT_OF(rows),
            .year_end_classes = 1u << 2 | 1u << 3 };
    versions[1].shared_cap = (struct policy_shared_cap_values){ caps, COUNT_OF(caps) };
    pack.groups[0].shared_cap = &rules[1];
}

static const struct policy_line *settled(int category)
{
    lines.count = 0;
    policy_category_table_line(&turn, &rules[0], values, category);
    return sample_line();
}

/* Pingshun's worked example: S 2,000 then 5,000, deductible 2,917.80. */
static void the_deductible_is_the_years(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(2000));
    line_is(settled(CATEGORY_AT_RISK_OF_POVERTY), 200000, 200000, 0);
    year.tallies[0].absorbed = YUAN(2000);
    sample_cost(YUAN(5000));
    line_is(settled(CATEGORY_AT_RISK_OF_POVERTY), 500000, 91780, 285754);
    year.tallies[0].absorbed = YUAN(3000);
    line_is(settled(CATEGORY_AT_RISK_OF_POVERTY), 500000, 0, 350000);
    sample_cost(MONEY_FEN(1234567));
    line_is(settled(CATEGORY_SUBSISTENCE_ALLOWANCE), 1234567, 0, 864197);
}

static void a_missing_income_figure_is_said(void **state)
{
    (void)state;
    begin();
    pack.income_count = 0;
    sample_cost(YUAN(2000));
    line_is(settled(CATEGORY_AT_RISK_OF_POVERTY), 200000, 0, 0);
    assert_int_equal(sample_line()->limit, LIMIT_REASON);
    assert_int_equal(sample_line()->reason, REASON_INCOME_FIGURE_MISSING);
    line_is(settled(CATEGORY_SUBSISTENCE_ALLOWANCE), 200000, 0, 140000);
}

static void the_shared_cap_leaves_what_is_not_used(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(1000));
    year.shared_used[0] = YUAN(59300);
    line_is(settled(CATEGORY_SUBSISTENCE_ALLOWANCE), 100000, 0, 70000);
    assert_false(sample_line()->capped);
    year.shared_used[0] = MONEY_FEN(5930001);
    line_is(settled(CATEGORY_SUBSISTENCE_ALLOWANCE), 100000, 0, 69999);
    assert_true(sample_line()->capped);
    year.shared_used[0] = YUAN(70000);
    line_is(settled(CATEGORY_SUBSISTENCE_ALLOWANCE), 100000, 0, 0);
    year.tallies[0].absorbed = YUAN(3000);
    line_is(settled(CATEGORY_AT_RISK_OF_POVERTY), 100000, 0, 70000);
}

/* rules.md G4: the computed critical-illness line stands in for a payment that was not given. */
static void what_the_insurance_computed_is_taken_off(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(1000));
    sample_rule(2, POLICY_CUMULATIVE_BANDS, FUND_CRITICAL_ILLNESS);
    for (int given = 0; given < 2; given++) {
        lines.count = 0;
        policy_lines_add(
            &lines, &(struct policy_line){ .rule = &rules[2], .fund = FUND_CRITICAL_ILLNESS, .amount = YUAN(400) });
        visit.has_critical_illness = given;
        policy_category_table_line(&turn, &rules[0], values, CATEGORY_SUBSISTENCE_ALLOWANCE);
        assert_int_equal(lines.items[1].base.fen, given ? 100000 : 60000);
    }
}

static void classes_paid_at_the_years_end_are_deferred(void **state)
{
    (void)state;
    begin();
    sample_cost(MONEY_FEN(3));
    visit.care = CARE_CHRONIC;
    visit.chronic_class = 1;
    assert_int_equal(settled(CATEGORY_SUBSISTENCE_ALLOWANCE)->amount.fen, 2);
    visit.chronic_class = 2;
    line_is(settled(CATEGORY_SUBSISTENCE_ALLOWANCE), 3, 0, 0);
    assert_int_equal(sample_line()->limit, LIMIT_LATER);
    assert_int_equal((int64_t)sample_line()->deferred.fen_bp, 21000);
}

static void a_category_without_a_row_has_no_line(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(1000));
    policy_category_table_line(&turn, &rules[0], values, CATEGORY_EXTREME_POVERTY);
    assert_int_equal(lines.count, 0);
    assert_null(policy_category_row(values, CATEGORY_EXTREME_POVERTY));
    assert_ptr_equal(policy_category_row(values, CATEGORY_AT_RISK_OF_POVERTY), &rows[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_deductible_is_the_years),
        cmocka_unit_test(a_missing_income_figure_is_said), cmocka_unit_test(the_shared_cap_leaves_what_is_not_used),
        cmocka_unit_test(what_the_insurance_computed_is_taken_off),
        cmocka_unit_test(classes_paid_at_the_years_end_are_deferred),
        cmocka_unit_test(a_category_without_a_row_has_no_line) };
    (void)sample_hold;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
