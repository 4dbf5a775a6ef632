#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void parses(const char *text, int64_t fen)
{
    money amount = MONEY_FEN(-77);
    if (!money_parse_yuan(text, &amount) || amount.fen != fen)
        fail_msg("\"%s\": %lld fen, not %lld", text, (long long)amount.fen, (long long)fen);
}

static void refuses(const char *text)
{
    money amount = MONEY_FEN(-77);
    if (money_parse_yuan(text, &amount))
        fail_msg("\"%s\" was taken", text);
    assert_int_equal(amount.fen, -77);
}

static void yuan_is_read_to_the_fen(void **state)
{
    (void)state;
    refuses("");
    refuses("-");
    refuses("+1");
    refuses(".5");
    refuses("1.");
    refuses("1.234");
    refuses("1.2.3");
    refuses("1,000");
    refuses("1e3");
    refuses(" 1");
    refuses("1 ");
    refuses("--1");
    refuses("0x10");
    refuses("100000000000.01");
    refuses("-100000000000.01");
    refuses("1000000000000");
    refuses("9223372036854775808");
    refuses("99999999999999999999999999999999999999");
    refuses("１");

    parses("0", 0);
    parses("-0", 0);
    parses("0.0", 0);
    parses("007", 700);
    parses("1", 100);
    parses("1.5", 150);
    parses("1.05", 105);
    parses("1234.05", 123405);
    parses("-0.5", -50);
    parses("-0.01", -1);
    parses("100000000000", MONEY_LIMIT_FEN);
    parses("100000000000.00", MONEY_LIMIT_FEN);
    parses("-100000000000.00", -MONEY_LIMIT_FEN);
}

static void formats(int64_t fen, const char *expected)
{
    char buffer[MONEY_TEXT_SIZE];
    assert_ptr_equal(money_format(MONEY_FEN(fen), buffer), buffer);
    assert_string_equal(buffer, expected);
}

static void yuan_is_written_with_two_decimals(void **state)
{
    (void)state;
    formats(0, "0.00");
    formats(1, "0.01");
    formats(-1, "-0.01");
    formats(99, "0.99");
    formats(100, "1.00");
    formats(123405, "1234.05");
    formats(-123450, "-1234.50");
    formats(MONEY_LIMIT_FEN, "100000000000.00");
    formats(INT64_MAX, "92233720368547758.07");
    formats(INT64_MIN, "-92233720368547758.08");
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    char buffer[MONEY_TEXT_SIZE];
    for (int64_t fen = -12345; fen <= 12345; fen++)
        parses(money_format(MONEY_FEN(fen), buffer), fen);
}

static void share_is(int64_t base_fen, int32_t bp, int64_t fen)
{
    int64_t got = money_share(MONEY_FEN(base_fen), RATE_BP(bp)).fen;
    if (got != fen)
        fail_msg("%lld fen x %d bp: %lld, not %lld", (long long)base_fen, bp, (long long)got, (long long)fen);
}

static void a_share_is_rounded_half_up(void **state)
{
    (void)state;
    share_is(0, 7000, 0);
    share_is(100, 0, 0);
    share_is(100, RATE_WHOLE_BP, 100);
    share_is(1, 4999, 0);
    share_is(1, 5000, 1);
    share_is(1, 5001, 1);
    share_is(3, 5000, 2);
    share_is(-1, 4999, 0);
    share_is(-1, 5000, -1);
    share_is(-3, 5000, -2);
    share_is(1234567, 7000, 864197); /* 8641.969 yuan, the fourth worked example */
    share_is(408220, 7000, 285754);
    share_is(MONEY_LIMIT_FEN, 10500, 10500000000000);
    share_is(INT64_MAX, RATE_WHOLE_BP, INT64_MAX);
    share_is(INT64_MIN, RATE_WHOLE_BP, INT64_MIN);
}

static void scale_is(int64_t fen, int64_t numerator, int64_t denominator, int64_t expected)
{
    int64_t got = money_scale(MONEY_FEN(fen), numerator, denominator).fen;
    if (got != expected)
        fail_msg("%lld x %lld / %lld: %lld, not %lld", (long long)fen, (long long)numerator, (long long)denominator,
            (long long)got, (long long)expected);
}

static void a_scaled_amount_is_rounded_half_up(void **state)
{
    (void)state;
    scale_is(150000, 1, 12, 12500);
    scale_is(1, 1, 3, 0);
    scale_is(2, 1, 3, 1);
    scale_is(1, 1, 2, 1);
    scale_is(-1, 1, 2, -1);
    scale_is(-1, 1, 3, 0);
    scale_is(7, 1, 14, 1);
    scale_is(7, 1, 15, 0);
    scale_is(5, -1, 2, -3);
    scale_is(2742587, 1, 100, 27426); /* 27425.87 yuan to the yuan */
    scale_is(MONEY_LIMIT_FEN, INT64_MAX, INT64_MAX, MONEY_LIMIT_FEN);
    scale_is(INT64_MAX, 1, 1, INT64_MAX);
}

/* The remainder of an exact division says which way to go; nothing here adds a half. */
static int64_t half_away_from_zero(int64_t amount, int64_t divisor)
{
    int64_t size = amount < 0 ? -amount : amount;
    int64_t rounded = size / divisor + (size % divisor * 2 >= divisor);
    return amount < 0 ? -rounded : rounded;
}

static void rounding_agrees_with_the_remainder(void **state)
{
    (void)state;
    for (int64_t fen = -300; fen <= 300; fen++) {
        for (int32_t bp = 0; bp <= 12000; bp += 125)
            share_is(fen, bp, half_away_from_zero(fen * bp, RATE_WHOLE_BP));
        for (int64_t denominator = 1; denominator <= 25; denominator++)
            scale_is(fen, 7, denominator, half_away_from_zero(fen * 7, denominator));
    }
}

static void a_sum_of_shares_is_rounded_once(void **state)
{
    (void)state;
    exact sum = exact_share(MONEY_FEN(1), RATE_BP(3000));
    sum = exact_add(sum, exact_share(MONEY_FEN(1), RATE_BP(3000)));
    assert_int_equal(exact_round(sum).fen, 1); /* 0.6 fen; rounded one by one it would be nothing */
    sum = exact_sub(sum, exact_share(MONEY_FEN(1), RATE_BP(1001)));
    assert_int_equal(exact_round(sum).fen, 0);
}

static void small_words(void **state)
{
    (void)state;
    assert_int_equal(money_add(MONEY_FEN(3), MONEY_FEN(-5)).fen, -2);
    assert_int_equal(money_sub(MONEY_FEN(3), MONEY_FEN(5)).fen, -2);
    assert_int_equal(money_minus_floor(MONEY_FEN(3), MONEY_FEN(5)).fen, 0);
    assert_int_equal(money_minus_floor(MONEY_FEN(5), MONEY_FEN(5)).fen, 0);
    assert_int_equal(money_minus_floor(MONEY_FEN(6), MONEY_FEN(5)).fen, 1);
    assert_int_equal(money_min(MONEY_FEN(-1), MONEY_FEN(1)).fen, -1);
    assert_int_equal(money_max(MONEY_FEN(-1), MONEY_FEN(1)).fen, 1);
    assert_int_equal(money_cmp(MONEY_FEN(1), MONEY_FEN(2)), -1);
    assert_int_equal(money_cmp(MONEY_FEN(2), MONEY_FEN(2)), 0);
    assert_int_equal(money_cmp(MONEY_FEN(2), MONEY_FEN(1)), 1);
    assert_true(money_is_zero(MONEY_ZERO));
    assert_false(money_is_zero(MONEY_FEN(-1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yuan_is_read_to_the_fen),
        cmocka_unit_test(yuan_is_written_with_two_decimals),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_share_is_rounded_half_up),
        cmocka_unit_test(a_scaled_amount_is_rounded_half_up),
        cmocka_unit_test(rounding_agrees_with_the_remainder),
        cmocka_unit_test(a_sum_of_shares_is_rounded_once),
        cmocka_unit_test(small_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
