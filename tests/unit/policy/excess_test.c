#include "policy/excess.h"

#include "tests/unit/policy/turn_sample.h"

static struct policy_excess_values *values;

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_EXCESS_RATIO, FUND_ASSISTANCE);
    values = &versions[0].excess;
    *values = (struct policy_excess_values){ .above_income = RATE_BP(5000),
        .share = RATE_BP(7000),
        .cap = CAP_YUAN(30000),
        .referrals = term_bit(REFERRAL_NOT_NEEDED) | term_bit(REFERRAL_REGISTERED) };
}

static const struct policy_line *settled(int64_t before, int64_t base)
{
    lines.count = 0;
    year.tallies[0].base = MONEY_FEN(before);
    policy_excess_line(&turn, &rules[0], values, MONEY_FEN(base), stay.discharged);
    return sample_line();
}

/* H = 50% of 29,178 = 14,589. */
static void only_what_is_above_the_threshold_counts(void **state)
{
    (void)state;
    begin();
    line_is(settled(0, 1458900), 1458900, 1458900, 0);
    line_is(settled(0, 1458901), 1458901, 1458900, 1);
    line_is(settled(0, 1458899), 1458899, 1458899, 0);
    line_is(settled(1400000, 200000), 200000, 58900, 98770);
    line_is(settled(1458900, 10), 10, 0, 7);
    line_is(settled(2000000, 0), 0, 0, 0);
}

static void its_cap_is_its_own(void **state)
{
    (void)state;
    begin();
    year.shared_used[0] = YUAN(90000);
    year.tallies[0].paid = YUAN(29993);
    assert_int_equal(settled(2000000, 1000)->amount.fen, 700);
    assert_false(sample_line()->capped);
    year.tallies[0].paid = MONEY_FEN(2999301);
    assert_int_equal(settled(2000000, 1000)->amount.fen, 699);
    assert_true(sample_line()->capped);
    values->cap = NO_CAP;
    assert_int_equal(settled(2000000, 1000)->amount.fen, 700);
}

static void the_figure_of_the_day_decides(void **state)
{
    (void)state;
    begin();
    incomes[1] = (struct policy_income){ .year = 2023, .from = stay.discharged, .value = YUAN(20000) };
    pack.income_count = 2;
    assert_int_equal(settled(0, 1458900)->deductible.fen, 1000000);
    incomes[1].from = day_add(stay.discharged, 1);
    assert_int_equal(settled(0, 1458900)->deductible.fen, 1458900);
    pack.income_count = 0;
    line_is(settled(0, 1458901), 1458901, 0, 0);
    assert_int_equal(sample_line()->reason, REASON_INCOME_FIGURE_MISSING);
}

static void a_referral_decides_who_runs_in(void **state)
{
    (void)state;
    begin();
    assert_true(policy_excess_holds(&turn, values));
    visit.referral = REFERRAL_REGISTERED;
    assert_true(policy_excess_holds(&turn, values));
    visit.referral = REFERRAL_UNREGISTERED;
    assert_false(policy_excess_holds(&turn, values));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(only_what_is_above_the_threshold_counts),
        cmocka_unit_test(its_cap_is_its_own), cmocka_unit_test(the_figure_of_the_day_decides),
        cmocka_unit_test(a_referral_decides_who_runs_in) };
    (void)sample_hold, (void)sample_cost;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
