/* The shipped packs, figure by figure against the documents: written out here once more, so that a slip in a pack
 * is seen. */
#include "policy/pack_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#define PACKS SETTLED_SOURCE_DIR "/policy/packs"

static struct policy_packs packs;
static struct arena *arena;

static int load(void **state)
{
    static struct pack_report report;
    (void)state;
    arena = arena_new(PACK_ARENA_BYTES);
    enum status status = policy_packs_load(PACKS, arena, &report, &packs);
    for (size_t i = 0; i < report.count; i++)
        print_error("%s\n", report.problems[i]);
    return status == STATUS_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct policy_pack *pack_of(const char *region)
{
    const struct policy_pack *pack = policy_packs_find(&packs, text_of(region));
    assert_non_null(pack);
    return pack;
}

static const struct policy_rule *rule_of(const char *region, const char *id)
{
    const struct policy_pack *pack = pack_of(region);
    for (size_t i = 0; i < pack->rule_count; i++)
        if (strcmp(pack->rules[i].id, id) == 0)
            return &pack->rules[i];
    fail_msg("no rule %s", id);
    return NULL;
}

/* The rule's only figures, from `from` to `to`. */
static const struct policy_version *version_of(const struct policy_rule *rule, const char *from, const char *to)
{
    char buffer[DAY_TEXT_SIZE];
    assert_int_equal(rule->count, 1);
    assert_string_equal(day_format(rule->versions[0].period.from, buffer), from);
    assert_string_equal(day_format(rule->versions[0].period.to, buffer), to);
    return &rule->versions[0];
}

static void is_kind(const struct policy_rule *rule, int kind, const char *article, int fund, int cares)
{
    assert_int_equal(rule->kind, kind);
    assert_string_equal(rule->article, article);
    assert_int_equal(rule->fund, fund);
    assert_int_equal(rule->cares, cares);
}

static void is_day(day d, const char *expected)
{
    char buffer[DAY_TEXT_SIZE];
    assert_string_equal(day_format(d, buffer), expected);
}

static void is_region(const char *region, const char *name, const char *province, const char *from, const char *to)
{
    const struct policy_pack *pack = pack_of(region);
    assert_string_equal(pack->name, name);
    assert_true(text_equal(pack->province, text_of(province)));
    is_day(pack->in_force.from, from);
    is_day(pack->in_force.to, to);
    assert_int_equal(strlen(pack->version), 32);
}

static void is_band(const struct policy_band *band, int64_t over, int64_t up_to, int share)
{
    assert_int_equal(band->over.fen, over);
    assert_int_equal(band->up_to.fen, up_to);
    assert_int_equal(band->share.bp, share);
}

static void is_cap(struct policy_cap cap, int64_t fen)
{
    assert_int_equal(cap.limited, fen >= 0);
    if (fen >= 0)
        assert_int_equal(cap.amount.fen, fen);
}

/* rules.md G4: what every payer left, with the pack's own critical-illness line in its place. */
static void is_self_pay(struct policy_base base)
{
    assert_int_equal(base.less_payers, 0x7f);
    assert_true(base.computed_critical_illness);
    assert_false(base.less_basic_deductible);
}

static void five_regions(void **state)
{
    (void)state;
    assert_int_equal(packs.count, 5);
    is_region("140522", "阳城县", "14", "2021-01-01", "9999-12-31");
    is_region("140425", "平顺县", "14", "2023-01-07", "2028-01-06");
    is_region("621000", "庆阳市", "62", "2021-01-01", "9999-12-31");
    is_region("611000", "商洛市", "61", "2023-01-01", "9999-12-31");
    is_region("331127", "景宁畲族自治县", "33", "2021-12-01", "9999-12-31");
    assert_null(policy_packs_find(&packs, TEXT("110000")));
}

static void every_rule_says_where_it_comes_from(void **state)
{
    (void)state;
    for (size_t p = 0; p < packs.count; p++)
        for (size_t i = 0; i < packs.items[p]->rule_count; i++) {
            const struct policy_rule *rule = &packs.items[p]->rules[i];
            assert_int_equal(rule->index, i);
            assert_true(rule->title[0] != '\0' && rule->article[0] != '\0' && rule->text[0] != '\0');
            for (size_t v = 0; v < rule->count; v++)
                assert_non_null(rule->versions[v].source);
            for (size_t r = 0; r < rule->reading_count; r++)
                assert_true(rule->readings[r].text[0] != '\0' && rule->readings[r].taken[0] != '\0');
        }
}

static void yangcheng_inpatient(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("140522", "yangcheng.inpatient");
    is_kind(rule, POLICY_CUMULATIVE_BANDS, "五（二）、五（三）", FUND_CIVIL_SERVANT, 1 << CARE_INPATIENT);
    const struct policy_bands_values *values = &version_of(rule, "2021-01-01", "9999-12-31")->bands;
    assert_int_equal(values->holders, term_bit(CATEGORY_CIVIL_SERVANT_SUBSIDY));
    assert_true(values->holders_required && values->accumulate && !values->only_if_unpaid);
    assert_int_equal(values->base.less_payers, 1 << PAYER_BASIC | 1 << PAYER_LARGE_SUPPLEMENT);
    assert_false(values->base.less_basic_deductible || values->base.computed_critical_illness);
    assert_int_equal(values->deductible.fen, 0);
    assert_int_equal(values->bands.count, 4);
    is_band(&values->bands.items[0], 0, 100000, 0);
    is_band(&values->bands.items[1], 100000, 500000, 7000);
    is_band(&values->bands.items[2], 500000, 1000000, 8000);
    is_band(&values->bands.items[3], 1000000, INT64_MAX, 9000);
    is_cap(values->cap, 1000000);
    assert_int_equal(values->unregistered_less.bp, 1500);
    assert_int_equal(values->preference.categories, 0);
    assert_string_equal(pack_of("140522")->groups[rule->group].name, "subsidy");
}

static void yangcheng_levy(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("140522", "yangcheng.outpatient_grant");
    const struct policy_levy_values *values = &version_of(rule, "2021-01-01", "9999-12-31")->levy;
    is_kind(rule, POLICY_LEVY_GRANT, "三、五（一）、六", FUND_CIVIL_SERVANT, 0);
    assert_ptr_equal(pack_of("140522")->levy, rule);
    assert_int_equal(values->levy.bp, 100);
    assert_int_equal(values->grant_part.bp, 5000);
    assert_int_equal(values->holder, CATEGORY_CIVIL_SERVANT_SUBSIDY);
    assert_int_equal(values->agency_fee_least.bp, 400);
    assert_int_equal(values->agency_fee_most.bp, 600);
}

static void jingning_high_cost(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("331127", "jingning.high_cost");
    is_kind(rule, POLICY_CASE_SUBSIDY, "二（一）、二（二）、二（三）", FUND_SUBSIDY, 0);
    const struct policy_case_subsidy_values *values = &version_of(rule, "2021-12-01", "9999-12-31")->case_subsidy;
    assert_ptr_equal(pack_of("331127")->case_subsidy, rule);
    assert_int_equal(values->scheme, SCHEME_HIGH_COST_SUBSIDY);
    assert_int_equal(values->cares, term_bit(CARE_INPATIENT) | term_bit(CARE_CHRONIC));
    assert_true(text_is_empty(values->within));
    is_self_pay(values->base);
    assert_int_equal(values->hardship,
        term_bit(CATEGORY_EXTREME_POVERTY) | term_bit(CATEGORY_SUBSISTENCE_ALLOWANCE)
            | term_bit(CATEGORY_LOW_INCOME_MARGIN));
    assert_int_equal(values->hardship_deductible.fen, 1000000);
    assert_int_equal(values->hardship_share.bp, 5000);
    assert_int_equal(values->deductible.fen, 5000000);
    assert_int_equal(values->share.bp, 4000);
    is_cap(values->cap, 10000000);
    assert_int_equal(values->household, CATEGORY_LOCAL_HOUSEHOLD);
    assert_int_equal(values->insured, term_bit(CATEGORY_EMPLOYEE_INSURED) | term_bit(CATEGORY_RESIDENT_INSURED));
    assert_int_equal(values->insured_years, 3);
    assert_int_equal(values->apply_month * 100 + values->apply_day, 630);
    assert_int_equal(values->first_year, 2021);
}

static void qingyang_supplementary(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("621000", "qingyang.supplementary");
    is_kind(rule, POLICY_CUMULATIVE_BANDS, "四", FUND_SUPPLEMENT, 1 << CARE_INPATIENT);
    const struct policy_bands_values *values = &version_of(rule, "2021-01-01", "9999-12-31")->bands;
    assert_int_equal(values->holders, term_bit(CATEGORY_SUPPLEMENTARY_MEMBER) | term_bit(CATEGORY_EMPLOYEE_INSURED));
    assert_true(values->holders_required && values->accumulate);
    assert_int_equal(values->base.less_payers, 1 << PAYER_BASIC);
    assert_true(values->base.less_basic_deductible);
    assert_int_equal(values->bands.count, 2);
    is_band(&values->bands.items[0], 0, 5000000, 8000);
    is_band(&values->bands.items[1], 5000000, INT64_MAX, 8500);
    is_cap(values->cap, 30000000);
    assert_int_equal(values->unregistered_less.bp, 0);
}

static void qingyang_fund(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("621000", "qingyang.contribution");
    const struct policy_duty_values *duty = &version_of(rule, "2021-01-01", "9999-12-31")->duty;
    is_kind(rule, POLICY_CONTRIBUTION_DUTY, "三（一）、三（二）、六（三）", 0, 0);
    assert_ptr_equal(pack_of("621000")->groups[0].duty, rule);
    assert_int_equal(duty->category, CATEGORY_SUPPLEMENTARY_MEMBER);
    assert_int_equal(duty->contribution, CONTRIBUTION_SUPPLEMENTARY);
    assert_int_equal(duty->due_day, 10);
    assert_int_equal(duty->december_due_day, 25);
    assert_int_equal(duty->yearly_month * 100 + duty->yearly_day, 331);
    assert_false(duty->makeup);
    assert_int_equal(duty->yearly_amount.fen, 135000);
    assert_int_equal(duty->monthly_amount.fen, 11250);
    const struct policy_rule *reserve = rule_of("621000", "qingyang.reserve");
    assert_ptr_equal(pack_of("621000")->reserve, reserve);
    assert_int_equal(version_of(reserve, "2021-01-01", "9999-12-31")->reserve.yearly.bp, 500);
    assert_int_equal(reserve->versions[0].reserve.most.bp, 2000);
}

static void shangluo_outpatient(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("611000", "shangluo.outpatient");
    is_kind(rule, POLICY_PER_VISIT, "第十二条、第十三条、第十四条、第十九条、第二十条", FUND_POOL,
        1 << CARE_OUTPATIENT | 1 << CARE_PHARMACY);
    const struct policy_per_visit_values *values = &version_of(rule, "2023-01-01", "9999-12-31")->per_visit;
    const int deductibles[] = { 0, 3000, 6000, 9000 }, shares[] = { 0, 7000, 6500, 6000 };
    for (int level = LEVEL_LEVEL_1; level <= LEVEL_LEVEL_3; level++) {
        assert_int_equal(values->deductible[level].fen, deductibles[level]);
        assert_int_equal(values->share[level].bp, shares[level]);
    }
    assert_int_equal(values->holders, term_bit(CATEGORY_EMPLOYEE_INSURED));
    assert_int_equal(values->plus_category, CATEGORY_RETIRED);
    assert_int_equal(values->plus.bp, 500);
    is_cap(values->cap, 150000);
    is_cap(values->plus_cap, 200000);
    assert_int_equal(values->paid_months_category, CATEGORY_EMPLOYEE_INSURED);
    assert_int_equal(values->paid_months_contribution, CONTRIBUTION_EMPLOYEE);
    const struct policy_rule *bar = pack_of("611000")->groups[rule->group].bar;
    assert_true(text_equal(bar->versions[0].bar.inside, TEXT("6110")));
    assert_int_equal(bar->versions[0].bar.referrals, term_bit(REFERRAL_NOT_NEEDED) | term_bit(REFERRAL_UNREGISTERED));
}

static void shangluo_account(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("611000", "shangluo.account");
    const struct policy_account_values *values = &version_of(rule, "2023-01-01", "9999-12-31")->account;
    assert_ptr_equal(pack_of("611000")->account, rule);
    assert_int_equal(values->holders, term_bit(CATEGORY_RETIRED) | term_bit(CATEGORY_EMPLOYEE_INSURED));
    assert_int_equal(values->since_category, CATEGORY_RETIRED);
    assert_int_equal(values->monthly_credit.fen, 9000);
    is_day(values->credited_from, "2023-01-01");
    for (int purpose = 1; purpose <= term_last(TERM_PURPOSE); purpose++) {
        assert_int_equal(term_holds(values->purposes, purpose), purpose <= PURPOSE_COMMERCIAL_HEALTH_PREMIUM);
        assert_int_equal(term_holds(values->institution_purposes, purpose), purpose <= PURPOSE_MATERNITY);
    }
    assert_int_equal(
        values->relations, term_bit(RELATION_SPOUSE) | term_bit(RELATION_PARENT) | term_bit(RELATION_CHILD));
    assert_int_equal(values->default_cares, term_bit(CARE_OUTPATIENT) | term_bit(CARE_PHARMACY));
    assert_int_equal(values->default_purpose[CARE_OUTPATIENT], PURPOSE_MEDICAL);
    assert_int_equal(values->default_purpose[CARE_PHARMACY], PURPOSE_DRUGSTORE);
    assert_int_equal(values->default_purpose[CARE_INPATIENT], 0);
}

/* "2023-01-07" to "2028-01-06": the same for every rule of Pingshun. */
static const struct policy_version *pingshun(const char *id)
{
    return version_of(rule_of("140425", id), "2023-01-07", "2028-01-06");
}

static void pingshun_order(void **state)
{
    (void)state;
    static const char *const order[] = { "critical_illness", "inpatient", "chronic", "special_drug", "top_up",
        "catalogue", "tilt", "enrolment", "watch", "referral", "application", "claim", "shared_cap" };
    const struct policy_pack *pack = pack_of("140425");
    assert_int_equal(pack->rule_count, COUNT_OF(order));
    for (size_t i = 0; i < COUNT_OF(order); i++)
        assert_string_equal(pack->rules[i].id + strlen("pingshun."), order[i]);
    assert_true(pack->sample);
    assert_int_equal(pack->identity_rule, IDENTITY_STAY_UNION);
    is_day(pack->transition_to, "2028-01-06");
    assert_int_equal(pack->transitional,
        term_bit(CATEGORY_RETURNED_TO_POVERTY) | term_bit(CATEGORY_UNSTABLE_OUT_OF_POVERTY)
            | term_bit(CATEGORY_AT_RISK_OF_POVERTY) | term_bit(CATEGORY_SUDDEN_HARDSHIP));
}

static void pingshun_critical_illness(void **state)
{
    (void)state;
    is_kind(rule_of("140425", "pingshun.critical_illness"), POLICY_CUMULATIVE_BANDS, "第六条", FUND_CRITICAL_ILLNESS,
        1 << CARE_INPATIENT);
    const struct policy_bands_values *values = &pingshun("pingshun.critical_illness")->bands;
    assert_int_equal(values->holders, term_bit(CATEGORY_RESIDENT_INSURED));
    assert_true(!values->holders_required && values->only_if_unpaid && values->accumulate);
    assert_int_equal(values->base.less_payers, 1 << PAYER_BASIC);
    assert_int_equal(values->deductible.fen, 1000000);
    assert_int_equal(values->bands.count, 3);
    is_band(&values->bands.items[0], 0, 5000000, 6000);
    is_band(&values->bands.items[1], 5000000, 10000000, 6500);
    is_band(&values->bands.items[2], 10000000, INT64_MAX, 7500);
    is_cap(values->cap, 40000000);
    assert_int_equal(values->preference.categories,
        term_bit(CATEGORY_EXTREME_POVERTY) | term_bit(CATEGORY_SUBSISTENCE_ALLOWANCE)
            | term_bit(CATEGORY_RETURNED_TO_POVERTY));
    assert_int_equal(values->preference.deductible_part.bp, 5000);
    assert_int_equal(values->preference.rate_plus.bp, 500);
    assert_true(values->preference.uncapped);
}

static void is_row(const struct policy_category_row *row, int category, int income_share, int share)
{
    assert_int_equal(row->category, category);
    assert_int_equal(row->income_share.bp, income_share);
    assert_int_equal(row->share.bp, share);
}

static void pingshun_inpatient(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("140425", "pingshun.inpatient");
    is_kind(rule, POLICY_CATEGORY_TABLE, "第十四条", FUND_ASSISTANCE, 1 << CARE_INPATIENT);
    assert_false(rule->in_province);
    const struct policy_category_table_values *values = &pingshun("pingshun.inpatient")->table;
    is_self_pay(values->base);
    assert_int_equal(values->count, 8);
    is_row(&values->rows[0], CATEGORY_EXTREME_POVERTY, 0, 10000);
    is_row(&values->rows[1], CATEGORY_SUBSISTENCE_ALLOWANCE, 0, 7000);
    is_row(&values->rows[2], CATEGORY_RETURNED_TO_POVERTY, 0, 7000);
    is_row(&values->rows[3], CATEGORY_UNSTABLE_OUT_OF_POVERTY, 1000, 7000);
    is_row(&values->rows[4], CATEGORY_AT_RISK_OF_POVERTY, 1000, 7000);
    is_row(&values->rows[5], CATEGORY_SUDDEN_HARDSHIP, 1000, 7000);
    is_row(&values->rows[6], CATEGORY_LOW_INCOME_MARGIN, 1000, 6000);
    is_row(&values->rows[7], CATEGORY_ILLNESS_IMPOVERISHED, 2500, 6000);
    assert_int_equal(values->year_end_classes, 0);
}

static void pingshun_outpatient_tables(void **state)
{
    (void)state;
    is_kind(
        rule_of("140425", "pingshun.chronic"), POLICY_CATEGORY_TABLE, "第十五条", FUND_ASSISTANCE, 1 << CARE_CHRONIC);
    const struct policy_category_table_values *chronic = &pingshun("pingshun.chronic")->table;
    is_self_pay(chronic->base);
    assert_int_equal(chronic->count, 3);
    is_row(&chronic->rows[0], CATEGORY_EXTREME_POVERTY, 0, 6000);
    is_row(&chronic->rows[1], CATEGORY_SUBSISTENCE_ALLOWANCE, 0, 3000);
    is_row(&chronic->rows[2], CATEGORY_RETURNED_TO_POVERTY, 0, 3000);
    assert_int_equal(chronic->year_end_classes, 1 << 2 | 1 << 3);
    assert_ptr_equal(pack_of("140425")->year_end, rule_of("140425", "pingshun.chronic"));
    is_kind(rule_of("140425", "pingshun.special_drug"), POLICY_CATEGORY_TABLE, "第十六条", FUND_ASSISTANCE,
        1 << CARE_SPECIAL_DRUG);
    const struct policy_category_table_values *drug = &pingshun("pingshun.special_drug")->table;
    is_self_pay(drug->base);
    assert_int_equal(drug->count, 3);
    is_row(&drug->rows[0], CATEGORY_EXTREME_POVERTY, 0, 2000);
    is_row(&drug->rows[1], CATEGORY_SUBSISTENCE_ALLOWANCE, 0, 1000);
    is_row(&drug->rows[2], CATEGORY_RETURNED_TO_POVERTY, 0, 1000);
}

static void pingshun_top_up_and_catalogue(void **state)
{
    (void)state;
    const struct policy_rule *top_up = rule_of("140425", "pingshun.top_up");
    is_kind(top_up, POLICY_TOP_UP, "第十四条（三）", FUND_ASSISTANCE, 1 << CARE_INPATIENT);
    assert_true(top_up->in_province);
    assert_int_equal(pingshun("pingshun.top_up")->top_up.categories, term_bit(CATEGORY_RETURNED_TO_POVERTY));
    assert_int_equal(pingshun("pingshun.top_up")->top_up.target.bp, 9000);
    const struct policy_rule *catalogue = rule_of("140425", "pingshun.catalogue");
    is_kind(catalogue, POLICY_CATALOGUE_RATIO, "第二十一条", FUND_ASSISTANCE, 1 << CARE_INPATIENT);
    assert_true(catalogue->in_province);
    const struct policy_catalogue_values *values = &pingshun("pingshun.catalogue")->catalogue;
    assert_int_equal(values->categories,
        term_bit(CATEGORY_EXTREME_POVERTY) | term_bit(CATEGORY_SUBSISTENCE_ALLOWANCE)
            | term_bit(CATEGORY_RETURNED_TO_POVERTY));
    assert_int_equal(values->limit[CHARGE_CLASS_1].bp, 3000);
    assert_int_equal(values->limit[CHARGE_CLASS_2_CITY].bp, 2000);
    assert_int_equal(values->limit[CHARGE_CLASS_2_COUNTY].bp, 1500);
    assert_int_equal(values->limit[CHARGE_CLASS_3].bp, 1500);
    assert_int_equal(values->fund_categories, term_bit(CATEGORY_RETURNED_TO_POVERTY));
    assert_int_equal(values->fund_share.bp, 8500);
}

static void pingshun_tilt(void **state)
{
    (void)state;
    const struct policy_rule *rule = rule_of("140425", "pingshun.tilt");
    is_kind(rule, POLICY_EXCESS_RATIO, "第二十条", FUND_ASSISTANCE,
        1 << CARE_INPATIENT | 1 << CARE_CHRONIC | 1 << CARE_SPECIAL_DRUG);
    assert_true(rule->in_province);
    const struct policy_excess_values *values = &pingshun("pingshun.tilt")->excess;
    is_self_pay(values->base);
    assert_int_equal(values->above_income.bp, 5000);
    assert_int_equal(values->share.bp, 7000);
    is_cap(values->cap, 3000000);
    assert_int_equal(values->referrals, term_bit(REFERRAL_NOT_NEEDED) | term_bit(REFERRAL_REGISTERED));
    static const char *const minus[] = { "pingshun.inpatient", "pingshun.top_up", "pingshun.chronic",
        "pingshun.special_drug" };
    assert_int_equal(values->minus_count, COUNT_OF(minus));
    for (size_t i = 0; i < COUNT_OF(minus); i++)
        assert_string_equal(pack_of("140425")->rules[values->minus_rules[i]].id, minus[i]);
}

static void is_enrolment(const struct policy_enrolment_row *row, int category, int share, int64_t floor_fen, bool fixed)
{
    assert_int_equal(row->category, category);
    assert_int_equal(row->share.bp, share);
    assert_int_equal(row->has_floor, floor_fen != 0);
    assert_int_equal(row->floor.fen, floor_fen);
    assert_int_equal(row->fixed, fixed);
}

static void pingshun_enrolment(void **state)
{
    (void)state;
    const struct policy_enrolment_values *values = &pingshun("pingshun.enrolment")->enrolment;
    assert_ptr_equal(pack_of("140425")->enrolment, rule_of("140425", "pingshun.enrolment"));
    assert_int_equal(values->count, 5);
    is_enrolment(&values->rows[0], CATEGORY_EXTREME_POVERTY, 10000, 0, false);
    is_enrolment(&values->rows[1], CATEGORY_SUBSISTENCE_ALLOWANCE, 8000, 28000, false);
    is_enrolment(&values->rows[2], CATEGORY_RETURNED_TO_POVERTY, 9000, 0, false);
    is_enrolment(&values->rows[3], CATEGORY_UNSTABLE_OUT_OF_POVERTY, 0, 28000, true);
    is_enrolment(&values->rows[4], CATEGORY_AT_RISK_OF_POVERTY, 0, 28000, true);
    const struct policy_pack *pack = pack_of("140425");
    assert_int_equal(pack->window_count, 2);
    assert_int_equal(pack->windows[0].year, 2023);
    is_day(pack->windows[0].period.from, "2022-09-01");
    is_day(pack->windows[0].period.to, "2022-12-31");
    assert_int_equal(pack->windows[1].year, 2024);
    is_day(pack->windows[1].period.from, "2023-09-01");
    is_day(pack->windows[1].period.to, "2023-12-31");
}

static void pingshun_watch(void **state)
{
    (void)state;
    const struct policy_watch_values *values = &pingshun("pingshun.watch")->watch;
    assert_ptr_equal(pack_of("140425")->watch, rule_of("140425", "pingshun.watch"));
    for (int category = 1; category <= term_last(TERM_CATEGORY); category++)
        assert_int_equal(term_holds(values->key_categories, category), category <= CATEGORY_OUT_OF_POVERTY);
    assert_int_equal(values->key_threshold.fen, 600000);
    assert_int_equal(values->other_categories, term_bit(CATEGORY_RESIDENT_INSURED));
    assert_int_equal(values->other_threshold.fen, 2000000);
    assert_int_equal(values->departments,
        term_bit(DEPARTMENT_CIVIL_AFFAIRS) | term_bit(DEPARTMENT_HEALTH) | term_bit(DEPARTMENT_RURAL_REVITALIZATION));
    assert_int_equal(values->list_day, 10);
    assert_int_equal(values->reply_working_days, 5);
    assert_int_equal(values->claim_warning_days, 30);
}

static void pingshun_gates(void **state)
{
    (void)state;
    const struct policy_pack *pack = pack_of("140425");
    const struct policy_group *group = &pack->groups[rule_of("140425", "pingshun.inpatient")->group];
    assert_string_equal(group->name, "assistance");
    assert_string_equal(group->bar->id, "pingshun.referral");
    assert_true(text_equal(pingshun("pingshun.referral")->bar.inside, TEXT("1404")));
    assert_int_equal(pingshun("pingshun.referral")->bar.referrals, term_bit(REFERRAL_UNREGISTERED));
    assert_string_equal(group->application->id, "pingshun.application");
    assert_int_equal(pingshun("pingshun.application")->application.categories,
        term_bit(CATEGORY_LOW_INCOME_MARGIN) | term_bit(CATEGORY_ILLNESS_IMPOVERISHED));
    assert_int_equal(pingshun("pingshun.application")->application.scheme, SCHEME_ASSISTANCE);
    assert_string_equal(group->claim->id, "pingshun.claim");
    assert_int_equal(pingshun("pingshun.claim")->claim.days, 180);
    assert_null(group->duty);
    const struct policy_group *insurance = &pack->groups[rule_of("140425", "pingshun.critical_illness")->group];
    assert_string_equal(insurance->name, "insurance");
    assert_true(insurance->bar == NULL && insurance->claim == NULL && insurance->application == NULL);
}

static void pingshun_shared_cap(void **state)
{
    (void)state;
    static const int64_t caps[] = { 0, -1, 6000000, -1, 6000000, 6000000, 6000000, 4000000, 4000000 };
    const struct policy_shared_cap_values *values = &pingshun("pingshun.shared_cap")->shared_cap;
    assert_int_equal(values->count, 8);
    for (size_t i = 0; i < values->count; i++)
        is_cap(values->rows[i].cap, caps[values->rows[i].category]);
}

static void income_is(const char *on, int64_t fen)
{
    money income = MONEY_FEN(-1);
    day d;
    assert_true(day_parse(on, 10, &d));
    assert_int_equal(policy_income_on(pack_of("140425"), d, &income), fen >= 0);
    assert_int_equal(income.fen, fen);
}

/* Pingshun art. 47: rounded to the yuan, from the first of the month after the publication. */
static void pingshun_incomes(void **state)
{
    (void)state;
    assert_int_equal(pack_of("140425")->income_count, 3);
    income_is("2022-01-31", -1);
    income_is("2022-02-01", 2742600);
    income_is("2023-01-31", 2742600);
    income_is("2023-02-01", 2917800);
    income_is("2024-01-31", 2917800);
    income_is("2024-02-01", 3092400);
}

static void working_days_after_is(const char *from, int count, const char *expected)
{
    day d;
    assert_true(day_parse(from, 10, &d));
    is_day(policy_working_days_after(pack_of("140425"), d, count), expected);
}

static void pingshun_calendar(void **state)
{
    (void)state;
    working_days_after_is("2023-01-20", 1, "2023-01-28"); /* a working Saturday after the Spring Festival */
    working_days_after_is("2023-01-28", 1, "2023-01-29");
    working_days_after_is("2023-04-04", 1, "2023-04-06");
    working_days_after_is("2023-04-22", 1, "2023-04-23");
    working_days_after_is("2023-04-28", 1, "2023-05-04");
    working_days_after_is("2023-05-05", 1, "2023-05-06");
    working_days_after_is("2023-06-21", 1, "2023-06-25");
    working_days_after_is("2023-09-28", 5, "2023-10-11"); /* 7, 8 (a weekend that works), 9, 10, 11 October */
    working_days_after_is("2023-12-29", 1, "2024-01-02");
    working_days_after_is("2024-02-03", 1, "2024-02-04");
    working_days_after_is("2024-02-09", 1, "2024-02-18");
    working_days_after_is("2024-04-03", 1, "2024-04-07");
    working_days_after_is("2024-04-27", 1, "2024-04-28");
    working_days_after_is("2024-04-30", 1, "2024-05-06");
    working_days_after_is("2024-05-10", 1, "2024-05-11");
    working_days_after_is("2024-06-07", 1, "2024-06-11");
    working_days_after_is("2024-09-13", 2, "2024-09-18");
    working_days_after_is("2024-09-28", 1, "2024-09-29");
    working_days_after_is("2024-09-30", 1, "2024-10-08");
    working_days_after_is("2024-10-11", 1, "2024-10-12");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_regions),
        cmocka_unit_test(every_rule_says_where_it_comes_from),
        cmocka_unit_test(yangcheng_inpatient),
        cmocka_unit_test(yangcheng_levy),
        cmocka_unit_test(jingning_high_cost),
        cmocka_unit_test(qingyang_supplementary),
        cmocka_unit_test(qingyang_fund),
        cmocka_unit_test(shangluo_outpatient),
        cmocka_unit_test(shangluo_account),
        cmocka_unit_test(pingshun_order),
        cmocka_unit_test(pingshun_critical_illness),
        cmocka_unit_test(pingshun_inpatient),
        cmocka_unit_test(pingshun_outpatient_tables),
        cmocka_unit_test(pingshun_top_up_and_catalogue),
        cmocka_unit_test(pingshun_tilt),
        cmocka_unit_test(pingshun_enrolment),
        cmocka_unit_test(pingshun_watch),
        cmocka_unit_test(pingshun_gates),
        cmocka_unit_test(pingshun_shared_cap),
        cmocka_unit_test(pingshun_incomes),
        cmocka_unit_test(pingshun_calendar),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
