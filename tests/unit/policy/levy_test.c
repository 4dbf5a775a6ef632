#include "policy/levy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct policy_levy_values levy = { .levy = { 100 }, .grant_part = { 5000 } };
static const struct policy_reserve_values reserve = { .yearly = { 500 }, .most = { 2000 } };

/* 1% of 12,345.50 yuan is 123.455: half up. */
static void the_levy_is_rounded_once(void **state)
{
    (void)state;
    assert_int_equal(policy_levy_of(&levy, MONEY_FEN(1234550)).fen, 12346);
    assert_int_equal(policy_levy_of(&levy, MONEY_FEN(1234549)).fen, 12345);
    assert_int_equal(policy_levy_of(&levy, MONEY_ZERO).fen, 0);
}

/* Half of 10,000.01 yuan is 5,000.005: to one holder 5,000.00, to three 1,666.66, and never more than the half. */
static void equal_shares_are_cut_to_the_fen(void **state)
{
    (void)state;
    const money all = MONEY_FEN(1000001);
    assert_int_equal(policy_levy_per_head(&levy, all, 1).fen, 500000);
    assert_int_equal(policy_levy_per_head(&levy, all, 3).fen, 166666);
    assert_int_equal(policy_levy_per_head(&levy, MONEY_FEN(200), 100).fen, 1);
    assert_int_equal(policy_levy_per_head(&levy, MONEY_FEN(199), 100).fen, 0);
    assert_int_equal(policy_levy_per_head(&levy, all, 0).fen, 0);
    for (int64_t holders = 1; holders < 1000; holders++)
        assert_true(2 * holders * policy_levy_per_head(&levy, all, holders).fen <= all.fen);
}

/* Of 1,000.00 yuan 50.00 are put aside, as long as the reserve then holds at most 200.00. */
static void the_reserve_stops_at_its_bound(void **state)
{
    (void)state;
    const money income = MONEY_FEN(100000);
    assert_int_equal(policy_reserve_of(&reserve, income, MONEY_ZERO).fen, 5000);
    assert_int_equal(policy_reserve_of(&reserve, income, MONEY_FEN(15000)).fen, 5000);
    assert_int_equal(policy_reserve_of(&reserve, income, MONEY_FEN(15001)).fen, 4999);
    assert_int_equal(policy_reserve_of(&reserve, income, MONEY_FEN(19999)).fen, 1);
    assert_int_equal(policy_reserve_of(&reserve, income, MONEY_FEN(20000)).fen, 0);
    assert_int_equal(policy_reserve_of(&reserve, income, MONEY_FEN(20001)).fen, 0);
    assert_int_equal(policy_reserve_of(&reserve, MONEY_FEN(-5), MONEY_ZERO).fen, 0);
}

/* 5% of 0.10 yuan is half a fen: up. 20% of 0.13 yuan is 2.6 fen, of which 2 are held: 0.6 is less than 5%'s 0.65, and
 * is rounded after the smaller was taken. */
static void the_reserve_is_rounded_once(void **state)
{
    (void)state;
    assert_int_equal(policy_reserve_of(&reserve, MONEY_FEN(10), MONEY_ZERO).fen, 1);
    assert_int_equal(policy_reserve_of(&reserve, MONEY_FEN(9), MONEY_ZERO).fen, 0);
    assert_int_equal(policy_reserve_of(&reserve, MONEY_FEN(13), MONEY_FEN(2)).fen, 1);
    assert_int_equal(policy_reserve_of(&reserve, MONEY_FEN(12), MONEY_FEN(2)).fen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_levy_is_rounded_once),
        cmocka_unit_test(equal_shares_are_cut_to_the_fen), cmocka_unit_test(the_reserve_stops_at_its_bound),
        cmocka_unit_test(the_reserve_is_rounded_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
