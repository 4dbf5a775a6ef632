#include "policy/settle.h"

#include "tests/unit/policy/turn_sample.h"

enum { TABLE, TOP_UP, BAR, APPLICATION, RULES };

static const struct policy_category_row rows[] = { { CATEGORY_EXTREME_POVERTY, { 0 }, { 7000 } },
    { CATEGORY_RETURNED_TO_POVERTY, { 0 }, { 7000 } }, { CATEGORY_AT_RISK_OF_POVERTY, { 1000 }, { 7000 } },
    { CATEGORY_LOW_INCOME_MARGIN, { 0 }, { 6000 } } };
static struct policy_outcome outcome;

/* A table with a top-up, an application for LOW_INCOME_MARGIN, and a bar outside of 1404. */
static void begin(void)
{
    sample_begin();
    sample_rule(TABLE, POLICY_CATEGORY_TABLE, FUND_ASSISTANCE);
    sample_rule(TOP_UP, POLICY_TOP_UP, FUND_ASSISTANCE);
    sample_rule(BAR, POLICY_REFERRAL_BAR, 0);
    sample_rule(APPLICATION, POLICY_ON_APPLICATION, 0);
    rules[BAR].cares = rules[APPLICATION].cares = 0;
    rules[TABLE].cares = rules[TOP_UP].cares = 1u << CARE_INPATIENT;
    rules[TOP_UP].in_province = true;
    versions[TABLE].table =
        (struct policy_category_table_values){ .base = { .less_payers = ALL_PAYERS, .computed_critical_illness = true },
            .rows = rows,
            .count = COUNT_OF(rows),
            .categories = term_bit(CATEGORY_EXTREME_POVERTY) | term_bit(CATEGORY_RETURNED_TO_POVERTY)
                | term_bit(CATEGORY_AT_RISK_OF_POVERTY) | term_bit(CATEGORY_LOW_INCOME_MARGIN) };
    versions[TOP_UP].top_up =
        (struct policy_top_up_values){ .categories = term_bit(CATEGORY_RETURNED_TO_POVERTY), .target = RATE_BP(9000) };
    versions[BAR].bar =
        (struct policy_bar_values){ .inside = TEXT("1404"), .referrals = term_bit(REFERRAL_UNREGISTERED) };
    versions[APPLICATION].application =
        (struct policy_application_values){ .categories = term_bit(CATEGORY_LOW_INCOME_MARGIN),
            .scheme = SCHEME_ASSISTANCE };
    pack.groups[0].bar = &rules[BAR];
    pack.groups[0].application = &rules[APPLICATION];
    sample_hold(term_bit(CATEGORY_EXTREME_POVERTY));
    sample_cost(YUAN(1000));
}

static void settles(int expected_outcome, term_set reasons, int64_t fen)
{
    memset(&year, 0, sizeof year);
    policy_settle(&pack, &stay, &gates, &year, &outcome);
    int64_t sum = 0;
    for (size_t i = 0; i < outcome.lines.count; i++)
        sum += outcome.lines.items[i].amount.fen;
    assert_int_equal(outcome.outcome, expected_outcome);
    assert_int_equal(outcome.reasons, reasons);
    assert_int_equal(sum, fen);
}

#define SETTLES(expected, reason, fen) settles(OUTCOME_##expected, term_bit(REASON_##reason), fen)

/* rules.md G9: what goes before wins, alone. */
static void reasons_stand_in_their_order(void **state)
{
    (void)state;
    begin();
    settles(OUTCOME_FINAL, 0, 70000);
    sample_hold(term_bit(CATEGORY_LOW_INCOME_MARGIN));
    SETTLES(PENDING, APPLICATION_MISSING, 0);
    gates.claim = CLAIM_MISSING;
    pack.groups[0].claim = &rules[BAR]; /* that there is one is all that is asked */
    settles(OUTCOME_PENDING, term_bit(REASON_APPLICATION_MISSING) | term_bit(REASON_CLAIM_MISSING), 0);
    gates.claim = CLAIM_LATE;
    settles(OUTCOME_LAPSED, term_bit(REASON_APPLICATION_MISSING) | term_bit(REASON_LATE_CLAIM), 0);
    gates.in_arrears = true;
    pack.groups[0].duty = &rules[BAR];
    SETTLES(FINAL, ARREARS, 0);
    visit.referral = REFERRAL_UNREGISTERED;
    visit.institution_region = TEXT("140500");
    SETTLES(FINAL, UNREGISTERED_REFERRAL, 0);
    sample_hold(0);
    SETTLES(FINAL, NOT_ELIGIBLE, 0);
    visit.designated = false;
    SETTLES(FINAL, NOT_DESIGNATED, 0);
    visit.exclusion = EXCLUSION_CRIME;
    settles(OUTCOME_FINAL, term_bit(REASON_EXCLUDED_COST) | term_bit(REASON_NOT_DESIGNATED), 0);
    pack.in_force.from = day_add(stay.discharged, 1);
    SETTLES(FINAL, BEFORE_POLICY, 0);
    assert_int_equal(outcome.lines.count, 0);
    pack.in_force = (struct policy_period){ SAMPLE_FROM, day_add(stay.discharged, -1) };
    SETTLES(FINAL, AFTER_POLICY, 0);
}

static void a_reason_uses_nothing_up(void **state)
{
    (void)state;
    begin();
    visit.designated = false;
    SETTLES(FINAL, NOT_DESIGNATED, 0);
    static const struct policy_year untouched;
    assert_memory_equal(&year, &untouched, sizeof year);
    assert_int_equal(outcome.lines.items[0].limit, LIMIT_REASON);
    assert_int_equal(outcome.lines.items[0].reason, REASON_NOT_DESIGNATED);
    assert_int_equal(outcome.lines.items[0].base.fen, 100000);
}

static void a_settled_visit_runs_up(void **state)
{
    (void)state;
    begin();
    sample_hold(term_bit(CATEGORY_RETURNED_TO_POVERTY));
    settles(OUTCOME_FINAL, 0, 90000);
    assert_int_equal(year.tallies[TABLE].paid.fen, 70000);
    assert_int_equal(year.tallies[TABLE].base.fen, 100000);
    assert_int_equal(year.tallies[TOP_UP].paid.fen, 20000);
    assert_int_equal(year.shared_used[0].fen, 90000);
}

static void the_best_category_wins_and_a_tie_the_earlier(void **state)
{
    (void)state;
    begin();
    sample_hold(term_bit(CATEGORY_EXTREME_POVERTY) | term_bit(CATEGORY_RETURNED_TO_POVERTY)
        | term_bit(CATEGORY_AT_RISK_OF_POVERTY));
    settles(OUTCOME_FINAL, 0, 90000);
    assert_int_equal(outcome.applied, CATEGORY_RETURNED_TO_POVERTY);
    visit.institution_region = TEXT("110000");
    settles(OUTCOME_FINAL, 0, 70000);
    assert_int_equal(outcome.applied, CATEGORY_EXTREME_POVERTY);
    assert_int_equal(outcome.lines.count, 1);
}

static void half_is(term_set at_admission, term_set at_discharge, int expected_applied, int expected_half)
{
    stay.at_admission = at_admission;
    stay.at_discharge = at_discharge;
    policy_settle(&pack, &stay, &gates, &year, &outcome);
    assert_int_equal(outcome.applied, expected_applied);
    assert_int_equal(outcome.half, expected_half);
}

/* Pingshun art. 35. */
static void either_day_counts(void **state)
{
    (void)state;
    begin();
    term_set poor = term_bit(CATEGORY_EXTREME_POVERTY);
    half_is(poor, poor, CATEGORY_EXTREME_POVERTY, HALF_SAME);
    half_is(0, poor, CATEGORY_EXTREME_POVERTY, HALF_AT_DISCHARGE);
    half_is(poor, 0, CATEGORY_EXTREME_POVERTY, HALF_AT_ADMISSION);
    half_is(0, 0, 0, HALF_SAME);
    pack.identity_rule = IDENTITY_AT_DISCHARGE;
    half_is(poor, 0, 0, HALF_SAME);
    half_is(0, poor, CATEGORY_EXTREME_POVERTY, HALF_AT_DISCHARGE);
    pack.identity_rule = IDENTITY_AT_ADMISSION;
    half_is(poor, 0, CATEGORY_EXTREME_POVERTY, HALF_AT_ADMISSION);
    half_is(0, poor, 0, HALF_SAME);
}

static void an_application_opens_its_categories(void **state)
{
    (void)state;
    begin();
    sample_hold(term_bit(CATEGORY_LOW_INCOME_MARGIN));
    gates.application_approved = true;
    settles(OUTCOME_FINAL, 0, 60000);
    assert_int_equal(outcome.applied, CATEGORY_LOW_INCOME_MARGIN);
    sample_hold(term_bit(CATEGORY_LOW_INCOME_MARGIN) | term_bit(CATEGORY_AT_RISK_OF_POVERTY));
    gates.application_approved = false;
    settles(OUTCOME_FINAL, 0, 0);
    assert_int_equal(outcome.applied, CATEGORY_AT_RISK_OF_POVERTY);
}

static void the_transition_ends_after_its_last_day(void **state)
{
    (void)state;
    begin();
    pack.transitional = term_bit(CATEGORY_EXTREME_POVERTY);
    pack.transition_to = stay.discharged;
    settles(OUTCOME_FINAL, 0, 70000);
    pack.transition_to = day_add(stay.discharged, -1);
    SETTLES(FINAL, NOT_ELIGIBLE, 0);
}

static void the_bar_ends_at_the_pooling_regions_border(void **state)
{
    (void)state;
    begin();
    visit.referral = REFERRAL_UNREGISTERED;
    settles(OUTCOME_FINAL, 0, 70000);
    visit.institution_region = TEXT("1405");
    SETTLES(FINAL, UNREGISTERED_REFERRAL, 0);
    visit.institution_region = TEXT_EMPTY;
    SETTLES(FINAL, UNREGISTERED_REFERRAL, 0);
    visit.referral = REFERRAL_REGISTERED;
    settles(OUTCOME_FINAL, 0, 70000);
}

static void care_without_a_rule_has_no_line(void **state)
{
    (void)state;
    begin();
    visit.care = CARE_OUTPATIENT;
    settles(OUTCOME_FINAL, 0, 0);
    assert_int_equal(outcome.lines.count, 0);
    assert_int_equal(outcome.applied, 0);
}

static void a_missing_income_figure_holds_the_money(void **state)
{
    (void)state;
    begin();
    pack.income_count = 0;
    sample_hold(term_bit(CATEGORY_AT_RISK_OF_POVERTY));
    SETTLES(PENDING, INCOME_FIGURE_MISSING, 0);
    assert_int_equal(year.tallies[TABLE].base.fen, 0);
}

static void without_an_admission_nothing_is_asked(void **state)
{
    (void)state;
    policy_settle_without_admission(&outcome);
    assert_int_equal(outcome.outcome, OUTCOME_PENDING);
    assert_int_equal(outcome.reasons, term_bit(REASON_ADMISSION_MISSING));
    assert_int_equal(outcome.lines.count, 0);
    assert_int_equal(outcome.applied, 0);
    assert_int_equal(outcome.half, HALF_SAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reasons_stand_in_their_order),
        cmocka_unit_test(a_reason_uses_nothing_up), cmocka_unit_test(a_settled_visit_runs_up),
        cmocka_unit_test(the_best_category_wins_and_a_tie_the_earlier), cmocka_unit_test(either_day_counts),
        cmocka_unit_test(an_application_opens_its_categories), cmocka_unit_test(the_transition_ends_after_its_last_day),
        cmocka_unit_test(the_bar_ends_at_the_pooling_regions_border), cmocka_unit_test(care_without_a_rule_has_no_line),
        cmocka_unit_test(a_missing_income_figure_holds_the_money),
        cmocka_unit_test(without_an_admission_nothing_is_asked) };
    (void)sample_line, (void)line_is;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
