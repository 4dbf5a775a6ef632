#include "policy/top_up.h"

#include "tests/unit/policy/turn_sample.h"

static struct policy_top_up_values *values;

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_CATEGORY_TABLE, FUND_ASSISTANCE);
    sample_rule(1, POLICY_TOP_UP, FUND_ASSISTANCE);
    values = &versions[1].top_up;
    *values =
        (struct policy_top_up_values){ .categories = term_bit(CATEGORY_RETURNED_TO_POVERTY), .target = RATE_BP(9000) };
}

static int64_t topped_up(money in_policy, money self_pay, money table_line)
{
    lines.count = 0;
    sample_cost(in_policy);
    policy_lines_add(&lines, &(struct policy_line){ .rule = &rules[0], .fund = FUND_ASSISTANCE, .amount = table_line });
    policy_top_up_line(&turn, &rules[1], values, CATEGORY_RETURNED_TO_POVERTY, self_pay);
    assert_int_equal(lines.count, 2);
    assert_int_equal(lines.items[1].base.fen, in_policy.fen);
    assert_int_equal(lines.items[1].share.bp, 9000);
    return lines.items[1].amount.fen;
}

static void to_ninety_percent_and_not_below_nothing(void **state)
{
    (void)state;
    begin();
    assert_int_equal(topped_up(YUAN(10000), YUAN(4000), YUAN(2800)), 20000);
    assert_int_equal(topped_up(YUAN(10000), YUAN(1000), MONEY_ZERO), 0);
    assert_int_equal(topped_up(YUAN(10000), MONEY_FEN(100001), MONEY_ZERO), 1);
    assert_int_equal(topped_up(YUAN(10000), MONEY_FEN(99999), MONEY_ZERO), 0);
    assert_int_equal(topped_up(MONEY_FEN(5), MONEY_FEN(5), MONEY_FEN(4)), 1);
    assert_int_equal(topped_up(MONEY_FEN(4), MONEY_FEN(4), MONEY_FEN(3)), 1);
    assert_int_equal(topped_up(MONEY_ZERO, MONEY_ZERO, MONEY_ZERO), 0);
}

static void only_lines_of_its_own_group_are_taken_off(void **state)
{
    (void)state;
    begin();
    rules[0].group = 1;
    assert_int_equal(topped_up(YUAN(10000), YUAN(4000), YUAN(2800)), 300000);
}

static void another_category_is_not_topped_up(void **state)
{
    (void)state;
    begin();
    policy_top_up_line(&turn, &rules[1], values, CATEGORY_EXTREME_POVERTY, YUAN(4000));
    assert_int_equal(lines.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(to_ninety_percent_and_not_below_nothing),
        cmocka_unit_test(only_lines_of_its_own_group_are_taken_off),
        cmocka_unit_test(another_category_is_not_topped_up) };
    (void)sample_hold, (void)sample_line, (void)line_is;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
