#include "policy/catalogue.h"

#include "tests/unit/policy/turn_sample.h"

static struct policy_catalogue_values *values;

static void begin(void)
{
    sample_begin();
    sample_rule(0, POLICY_CATALOGUE_RATIO, FUND_ASSISTANCE);
    values = &versions[0].catalogue;
    *values = (struct policy_catalogue_values){ .categories = term_bit(CATEGORY_EXTREME_POVERTY)
            | term_bit(CATEGORY_RETURNED_TO_POVERTY),
        .limit = { [CHARGE_CLASS_1] = { 3000 },
            [CHARGE_CLASS_2_CITY] = { 2000 },
            [CHARGE_CLASS_2_COUNTY] = { 1500 },
            [CHARGE_CLASS_3] = { 1500 } },
        .fund_categories = term_bit(CATEGORY_RETURNED_TO_POVERTY),
        .fund_share = RATE_BP(8500) };
    sample_hold(term_bit(CATEGORY_RETURNED_TO_POVERTY));
}

static const struct policy_line *borne(uint8_t charge_class, int64_t total, int64_t out)
{
    visit.charge_class = charge_class;
    visit.out_of_catalogue = MONEY_FEN(out);
    sample_cost(MONEY_FEN(total - out));
    lines.count = 0;
    policy_catalogue_hospital_line(&turn, &rules[0], values);
    assert_int_equal(sample_line()->fund, FUND_HOSPITAL);
    return sample_line();
}

static void what_is_above_the_limit_is_the_hospitals(void **state)
{
    (void)state;
    begin();
    line_is(borne(CHARGE_CLASS_1, 100000, 30000), 30000, 30000, 0);
    line_is(borne(CHARGE_CLASS_1, 100000, 30001), 30001, 30000, 1);
    line_is(borne(CHARGE_CLASS_1, 100000, 29999), 29999, 29999, 0);
    line_is(borne(CHARGE_CLASS_2_CITY, 100000, 25000), 25000, 20000, 5000);
    line_is(borne(CHARGE_CLASS_2_COUNTY, 100000, 25000), 25000, 15000, 10000);
    line_is(borne(CHARGE_CLASS_3, 10, 3), 3, 2, 1);
    line_is(borne(CHARGE_CLASS_3, 0, 0), 0, 0, 0);
}

static void the_fund_pays_a_part_within_the_limit(void **state)
{
    (void)state;
    begin();
    (void)borne(CHARGE_CLASS_3, 2000000, 500000);
    lines.count = 0;
    policy_catalogue_fund_line(&turn, &rules[0], values, CATEGORY_RETURNED_TO_POVERTY);
    line_is(sample_line(), 300000, 0, 255000);
    assert_int_equal(sample_line()->fund, FUND_ASSISTANCE);
    lines.count = 0;
    policy_catalogue_fund_line(&turn, &rules[0], values, CATEGORY_EXTREME_POVERTY);
    assert_int_equal(lines.count, 0);
}

static void it_holds_for_its_categories_and_known_classes(void **state)
{
    (void)state;
    begin();
    visit.charge_class = CHARGE_CLASS_3;
    assert_true(policy_catalogue_holds(&turn, values));
    turn.counted = term_bit(CATEGORY_AT_RISK_OF_POVERTY);
    assert_false(policy_catalogue_holds(&turn, values));
    turn.counted = term_bit(CATEGORY_EXTREME_POVERTY);
    visit.charge_class = 0;
    assert_false(policy_catalogue_holds(&turn, values));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_above_the_limit_is_the_hospitals),
        cmocka_unit_test(the_fund_pays_a_part_within_the_limit),
        cmocka_unit_test(it_holds_for_its_categories_and_known_classes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
