#include "policy/settle.h"

#include "tests/unit/policy/turn_sample.h"

enum { TABLE, SHARED_CAP, TILT };

static const struct policy_category_row rows[] = { { CATEGORY_EXTREME_POVERTY, { 0 }, { 6000 } },
    { CATEGORY_SUBSISTENCE_ALLOWANCE, { 0 }, { 3000 } }, { CATEGORY_LOW_INCOME_MARGIN, { 0 }, { 3000 } } };
static const struct policy_shared_cap_row caps[] = { { CATEGORY_EXTREME_POVERTY, { 0 } },
    { CATEGORY_SUBSISTENCE_ALLOWANCE, { true, { 6000000 } } }, { CATEGORY_LOW_INCOME_MARGIN, { true, { 4000000 } } } };
static const uint8_t minus_rules[] = { TABLE };
static struct policy_lines ends;

static void begin(void)
{
    sample_begin();
    sample_rule(TABLE, POLICY_CATEGORY_TABLE, FUND_ASSISTANCE);
    sample_rule(SHARED_CAP, POLICY_SHARED_CAP, 0);
    sample_rule(TILT, POLICY_EXCESS_RATIO, FUND_ASSISTANCE);
    rules[TABLE].cares = rules[TILT].cares = 1u << CARE_CHRONIC;
    rules[SHARED_CAP].cares = 0;
    versions[TABLE].table = (struct policy_category_table_values){ .base = { .less_payers = ALL_PAYERS },
        .rows = rows,
        .count = COUNT_OF(rows),
        .categories = term_bit(CATEGORY_EXTREME_POVERTY) | term_bit(CATEGORY_SUBSISTENCE_ALLOWANCE)
            | term_bit(CATEGORY_LOW_INCOME_MARGIN),
        .year_end_classes = 1u << 2 };
    versions[SHARED_CAP].shared_cap = (struct policy_shared_cap_values){ caps, COUNT_OF(caps) };
    versions[TILT].excess = (struct policy_excess_values){ .base = { .less_payers = ALL_PAYERS },
        .above_income = RATE_BP(5000),
        .share = RATE_BP(7000),
        .cap = CAP_YUAN(30000),
        .referrals = term_bit(REFERRAL_NOT_NEEDED),
        .minus_rules = minus_rules,
        .minus_count = 1 };
    pack.groups[0].shared_cap = &rules[SHARED_CAP];
    pack.year_end = &rules[TABLE];
    visit.care = CARE_CHRONIC;
    visit.chronic_class = 2;
}

static void visited(int category, int64_t S)
{
    struct policy_outcome outcome;
    sample_hold(term_bit(category));
    sample_cost(MONEY_FEN(S));
    policy_settle(&pack, &stay, &gates, &year, &outcome);
    for (size_t i = 0; i < outcome.lines.count; i++)
        assert_int_equal(outcome.lines.items[i].amount.fen, 0);
}

static int64_t paid_by(uint8_t index)
{
    policy_settle_year_end(&pack, 2023, &year, &ends);
    return policy_lines_of(&ends, index).fen;
}

static void visits_are_summed_exactly_and_rounded_once(void **state)
{
    (void)state;
    begin();
    /* 0.3 + 0.3 + 0.3 fen = 0.9, which is 1; each alone would be nothing. */
    for (int i = 0; i < 3; i++)
        visited(CATEGORY_SUBSISTENCE_ALLOWANCE, 1);
    assert_true(year.year_end_visits);
    assert_int_equal(paid_by(TABLE), 1);
    visited(CATEGORY_EXTREME_POVERTY, 1);
    assert_int_equal(paid_by(TABLE), 2);
    assert_int_equal(ends.items[0].base.fen, 4);
    assert_int_equal(ends.items[0].share.bp, 0);
}

static void the_largest_cap_of_the_years_categories_holds(void **state)
{
    (void)state;
    begin();
    visited(CATEGORY_LOW_INCOME_MARGIN, 20000000);
    assert_int_equal(paid_by(TABLE), 4000000);
    visited(CATEGORY_SUBSISTENCE_ALLOWANCE, 20000000);
    assert_int_equal(paid_by(TABLE), 6000000);
    year.shared_used[0] = MONEY_FEN(1);
    assert_int_equal(paid_by(TABLE), 5999999);
    assert_true(ends.items[0].capped);
    visited(CATEGORY_EXTREME_POVERTY, 0);
    assert_int_equal(paid_by(TABLE), 12000000);
    assert_false(ends.items[0].capped);
}

/* R = 40,000 - 12,000 = 28,000; above 14,589: 13,411 x 70% = 9,387.70. */
static void what_remains_joins_the_tilt(void **state)
{
    (void)state;
    begin();
    visited(CATEGORY_SUBSISTENCE_ALLOWANCE, 4000000);
    assert_int_equal(paid_by(TILT), 938770);
    assert_int_equal(ends.items[1].base.fen, 2800000);
    year.tallies[TILT].base = YUAN(20000);
    assert_int_equal(paid_by(TILT), 1960000);
    year.tallies[TILT].paid = YUAN(29999);
    assert_int_equal(paid_by(TILT), 100);
}

static void an_unregistered_visit_does_not_join_the_tilt(void **state)
{
    (void)state;
    begin();
    visit.referral = REFERRAL_UNREGISTERED;
    visited(CATEGORY_SUBSISTENCE_ALLOWANCE, 4000000);
    assert_int_equal(paid_by(TABLE), 1200000);
    assert_int_equal(paid_by(TILT), 0);
}

/* rules.md, Fine points: everyone with such a visit inside of the policy's dates has a year's end, also when it is
 * zero. */
static void a_visit_that_gives_nothing_is_a_visit(void **state)
{
    (void)state;
    begin();
    visited(CATEGORY_RETIRED, 1000);
    assert_true(year.year_end_visits);
    assert_int_equal(paid_by(TABLE), 0);
    begin();
    visit.exclusion = EXCLUSION_WORK_INJURY;
    visited(CATEGORY_EXTREME_POVERTY, 1000);
    assert_true(year.year_end_visits);
    assert_int_equal(paid_by(TABLE), 0);
    assert_int_equal(ends.items[0].base.fen, 0);
}

static void a_visit_outside_of_the_policy_is_none(void **state)
{
    (void)state;
    begin();
    pack.in_force.from = day_add(stay.discharged, 1);
    visited(CATEGORY_EXTREME_POVERTY, 1000);
    assert_false(year.year_end_visits);
    begin();
    visit.chronic_class = 1;
    visit.exclusion = EXCLUSION_WORK_INJURY;
    visited(CATEGORY_EXTREME_POVERTY, 1000);
    assert_false(year.year_end_visits);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(visits_are_summed_exactly_and_rounded_once),
        cmocka_unit_test(the_largest_cap_of_the_years_categories_holds), cmocka_unit_test(what_remains_joins_the_tilt),
        cmocka_unit_test(an_unregistered_visit_does_not_join_the_tilt),
        cmocka_unit_test(a_visit_that_gives_nothing_is_a_visit),
        cmocka_unit_test(a_visit_outside_of_the_policy_is_none) };
    (void)sample_line, (void)line_is;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
