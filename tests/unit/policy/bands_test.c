#include "policy/bands.h"

#include "tests/unit/policy/turn_sample.h"

/* Yangcheng's bands, in yuan: to 1,000 nothing, to 5,000 70%, to 10,000 80%, above 90%. */
static const struct policy_band items[] = { { { 0 }, { 100000 }, { 0 } }, { { 100000 }, { 500000 }, { 7000 } },
    { { 500000 }, { 1000000 }, { 8000 } }, { { 1000000 }, { INT64_MAX }, { 9000 } } };
static const struct policy_bands bands = { items, COUNT_OF(items) };

static void slice(int64_t before, int64_t after, int change_bp, int64_t expected_fen, int expected_bp)
{
    rate share = { -1 };
    struct policy_stretch stretch = {
        .bands = &bands, .from = MONEY_FEN(before), .to = MONEY_FEN(after), .change = RATE_BP(change_bp)
    };
    exact worth = policy_bands_slice(&stretch, &share);
    assert_int_equal(exact_round(worth).fen, expected_fen);
    assert_int_equal(share.bp, expected_bp);
}

static void a_slice_takes_its_part_of_each_band(void **state)
{
    (void)state;
    slice(0, 0, 0, 0, 0);
    slice(0, 80000, 0, 0, 0);
    slice(80000, 380000, 0, 196000, 0);
    slice(380000, 1180000, -1500, 526000, 0);
    slice(0, 100000, 0, 0, 0);
    slice(99999, 100001, 0, 1, 0);
    slice(100000, 100001, 0, 1, 7000);
    slice(100000, 500000, 0, 280000, 7000);
    slice(500000, 500001, 0, 1, 8000);
    slice(499999, 500000, 0, 1, 7000);
    slice(2000000, 2000010, 0, 9, 9000);
}

static void a_changed_rate_never_falls_below_zero(void **state)
{
    (void)state;
    slice(0, 100000, -1500, 0, 0);
    slice(0, 100000, 500, 5000, 500);
    slice(100000, 100100, -7000, 0, 0);
    slice(100000, 100100, -7001, 0, 0);
    slice(100000, 100100, -6999, 0, 1);
}

/* ---- The line ---- */

static struct policy_bands_values *values;

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_CUMULATIVE_BANDS, FUND_CIVIL_SERVANT);
    values = &versions[0].bands;
    *values = (struct policy_bands_values){ .holders = term_bit(CATEGORY_CIVIL_SERVANT_SUBSIDY),
        .holders_required = true,
        .accumulate = true,
        .base = { .less_payers = 1u << PAYER_BASIC | 1u << PAYER_LARGE_SUPPLEMENT },
        .bands = bands,
        .unregistered_less = RATE_BP(1500) };
    sample_hold(term_bit(CATEGORY_CIVIL_SERVANT_SUBSIDY));
}

static const struct policy_line *settled(void)
{
    lines.count = 0;
    policy_bands_line(&turn, &rules[0], values);
    return sample_line();
}

static void the_base_is_cost_less_the_payers_it_names(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(10000));
    visit.paid[PAYER_BASIC] = YUAN(6000);
    visit.paid[PAYER_LARGE_SUPPLEMENT] = YUAN(1000);
    line_is(settled(), 300000, 0, 140000);
    visit.paid[PAYER_COMMERCIAL] = YUAN(1000);
    line_is(settled(), 300000, 0, 140000);
}

static void nothing_is_paid_twice(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(3000));
    visit.paid[PAYER_COMMERCIAL] = YUAN(1600);
    line_is(settled(), 300000, 0, 140000);
    assert_false(sample_line()->capped);
    visit.paid[PAYER_COMMERCIAL] = MONEY_FEN(160001);
    line_is(settled(), 300000, 0, 139999);
    assert_true(sample_line()->capped);
    assert_int_equal(sample_line()->limit, LIMIT_COST);
}

static void the_year_runs_on_or_begins_anew(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(3000));
    year.tallies[0].base = YUAN(800);
    line_is(settled(), 300000, 0, 196000);
    values->accumulate = false;
    line_is(settled(), 300000, 0, 140000);
}

static void the_cap_leaves_what_the_year_has_not_used(void **state)
{
    (void)state;
    begin();
    values->cap = CAP_YUAN(10000);
    sample_cost(YUAN(3000));
    year.tallies[0].paid = YUAN(8600);
    line_is(settled(), 300000, 0, 140000);
    assert_false(sample_line()->capped);
    year.tallies[0].paid = MONEY_FEN(860001);
    line_is(settled(), 300000, 0, 139999);
    assert_int_equal(sample_line()->limit, LIMIT_YEAR);
    assert_int_equal(sample_line()->cap.fen, 1000000);
    year.tallies[0].paid = YUAN(11000);
    line_is(settled(), 300000, 0, 0);
}

static void an_unregistered_stay_pays_less(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(3000));
    visit.referral = REFERRAL_UNREGISTERED;
    line_is(settled(), 300000, 0, 110000);
    visit.referral = REFERRAL_REGISTERED;
    line_is(settled(), 300000, 0, 140000);
}

static void who_does_not_hold_it_gets_no_line(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(3000));
    stay.at_discharge = 0;
    policy_bands_line(&turn, &rules[0], values);
    assert_int_equal(lines.count, 0);
}

static void a_deductible_comes_before_the_bands(void **state)
{
    (void)state;
    begin();
    values->deductible = YUAN(10000);
    values->preference = (struct policy_preference){ .categories = term_bit(CATEGORY_EXTREME_POVERTY),
        .deductible_part = RATE_BP(5000),
        .rate_plus = RATE_BP(500),
        .uncapped = true };
    values->cap = CAP_YUAN(1);
    sample_cost(YUAN(12000));
    line_is(settled(), 1200000, 1000000, 100);
    /* Halved, 7,000 into the bands: 1,000 x 5% + 4,000 x 75% + 2,000 x 85% = 50 + 3,000 + 1,700, and no cap. */
    turn.counted |= term_bit(CATEGORY_EXTREME_POVERTY);
    line_is(settled(), 1200000, 500000, 475000);
    assert_false(sample_line()->capped);
    year.tallies[0].base = YUAN(4000);
    assert_int_equal(settled()->deductible.fen, 100000);
}

static void a_given_payment_silences_it(void **state)
{
    (void)state;
    begin();
    sample_cost(YUAN(3000));
    values->only_if_unpaid = true;
    line_is(settled(), 300000, 0, 140000);
    visit.has_critical_illness = true;
    lines.count = 0;
    policy_bands_line(&turn, &rules[0], values);
    assert_int_equal(lines.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_slice_takes_its_part_of_each_band),
        cmocka_unit_test(a_changed_rate_never_falls_below_zero),
        cmocka_unit_test(the_base_is_cost_less_the_payers_it_names), cmocka_unit_test(nothing_is_paid_twice),
        cmocka_unit_test(the_year_runs_on_or_begins_anew), cmocka_unit_test(the_cap_leaves_what_the_year_has_not_used),
        cmocka_unit_test(an_unregistered_stay_pays_less), cmocka_unit_test(who_does_not_hold_it_gets_no_line),
        cmocka_unit_test(a_deductible_comes_before_the_bands), cmocka_unit_test(a_given_payment_silences_it) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
