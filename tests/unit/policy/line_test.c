#include "policy/line.h"

#include "tests/unit/policy/turn_sample.h"

static void a_limit_bites_only_above_it(void **state)
{
    (void)state;
    struct policy_line line = { .amount = MONEY_FEN(100) };
    policy_line_limit(&line, MONEY_FEN(101), LIMIT_YEAR);
    policy_line_limit(&line, MONEY_FEN(100), LIMIT_YEAR);
    assert_false(line.capped);
    assert_int_equal(line.limit, LIMIT_NONE);
    policy_line_limit(&line, MONEY_FEN(99), LIMIT_YEAR);
    assert_true(line.capped);
    assert_int_equal(line.amount.fen, 99);
    assert_int_equal(line.limit, LIMIT_YEAR);
    policy_line_limit(&line, MONEY_ZERO, LIMIT_COST);
    assert_int_equal(line.amount.fen, 0);
    assert_int_equal(line.limit, LIMIT_COST);
}

static void lines_of_a_rule_are_summed(void **state)
{
    (void)state;
    sample_begin();
    sample_rule(0, POLICY_TOP_UP, FUND_ASSISTANCE);
    sample_rule(1, POLICY_CATALOGUE_RATIO, FUND_ASSISTANCE);
    assert_int_equal(policy_lines_of(&lines, 0).fen, 0);
    for (uint8_t i = 0; i < 3; i++)
        policy_lines_add(&lines, &(struct policy_line){ .rule = &rules[i % 2], .amount = MONEY_FEN(1 << i) });
    assert_int_equal(policy_lines_of(&lines, 0).fen, 5);
    assert_int_equal(policy_lines_of(&lines, 1).fen, 2);
    assert_int_equal(policy_lines_of(&lines, 2).fen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_limit_bites_only_above_it),
        cmocka_unit_test(lines_of_a_rule_are_summed) };
    (void)sample_hold, (void)sample_cost, (void)sample_line, (void)line_is;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
