/* One table per kind of rule: key, type, place, meaning. A new figure is a line here and a field in pack.h. */
#include "policy/pack_load_field.h"

#include <stdio.h>

#define AT(type, member) offsetof(struct policy_##type, member)
#define OPTIONAL true
#define REQUIRED false

static const struct pack_field base_fields[] = {
    { "less_payers", PACK_PAYERS, AT(base, less_payers), REQUIRED, 0, NULL, "payments taken off the in-policy cost" },
    { "less_basic_deductible", PACK_BOOL, AT(base, less_basic_deductible), OPTIONAL, 0, NULL,
        "the basic insurance's deductible is taken off too" },
    { "computed_critical_illness", PACK_BOOL, AT(base, computed_critical_illness), OPTIONAL, 0, NULL,
        "where no critical-illness payment was given, the pack's own line is taken off" },
};
static const struct pack_record base_record = PACK_RECORD_OF(struct policy_base, base_fields, NULL);

static const struct pack_field band_fields[] = {
    { "over_yuan", PACK_MONEY, AT(band, over), REQUIRED, 0, NULL, "begins above this (excluded)" },
    { "up_to_yuan", PACK_MONEY, AT(band, up_to), OPTIONAL, 0, NULL,
        "ends here (included); only the last band has none" },
    { "share", PACK_RATE, AT(band, share), REQUIRED, 0, NULL, "what is paid of the part inside" },
};

/* Without up_to the band has no end; which band may be such a one is checked over the whole list. */
static bool finish_band(struct pack_node at, void *values)
{
    struct policy_band *band = values;
    struct pack_node value;
    if (!pack_map_find(at, "up_to_yuan", &value))
        band->up_to = MONEY_FEN(INT64_MAX);
    if (money_cmp(band->over, band->up_to) < 0)
        return true;
    pack_problem(at, "the band does not rise; allowed: up_to_yuan above over_yuan");
    return false;
}
static const struct pack_record band_record = PACK_RECORD_OF(struct policy_band, band_fields, finish_band);

static const struct pack_field preference_fields[] = {
    { "categories", PACK_TERMS, AT(preference, categories), REQUIRED, TERM_CATEGORY, NULL, "of which one counts" },
    { "deductible_part", PACK_RATE, AT(preference, deductible_part), REQUIRED, 0, NULL,
        "what remains of the deductible" },
    { "rate_plus", PACK_RATE, AT(preference, rate_plus), REQUIRED, 0, NULL, "points added to each band's rate" },
    { "uncapped", PACK_BOOL, AT(preference, uncapped), REQUIRED, 0, NULL, "the yearly cap does not hold for them" },
};
static const struct pack_record preference_record = PACK_RECORD_OF(struct policy_preference, preference_fields, NULL);

static const struct pack_field bands_fields[] = {
    { "holders", PACK_TERMS, AT(bands_values, holders), REQUIRED, TERM_CATEGORY, NULL,
        "all held on the discharge day" },
    { "holders_required", PACK_BOOL, AT(bands_values, holders_required), REQUIRED, 0, NULL,
        "true: others are NOT_ELIGIBLE; false: the rule is silent about them" },
    { "only_if_unpaid", PACK_BOOL, AT(bands_values, only_if_unpaid), OPTIONAL, 0, NULL,
        "only where no critical-illness payment was given" },
    { "accumulate", PACK_BOOL, AT(bands_values, accumulate), REQUIRED, 0, NULL,
        "true: bands run over the year; false: each visit begins anew" },
    { "base", PACK_RECORD, AT(bands_values, base), REQUIRED, 0, &base_record, "what the bands are laid over" },
    { "deductible_yuan", PACK_MONEY, AT(bands_values, deductible), REQUIRED, 0, NULL,
        "of the year; bands begin above it" },
    { "bands", PACK_ROWS, AT(bands_values, bands), REQUIRED, 0, &band_record, "touching, the first over \"0.00\"" },
    { "cap_yuan", PACK_CAP, AT(bands_values, cap), REQUIRED, 0, NULL, "what the rule pays in a year at most" },
    { "unregistered_less", PACK_RATE, AT(bands_values, unregistered_less), OPTIONAL, 0, NULL,
        "points off each band's rate without a registered referral, never below zero" },
    { "preference", PACK_RECORD, AT(bands_values, preference), OPTIONAL, 0, &preference_record,
        "better terms for some" },
};

static bool finish_bands(struct pack_node at, void *values)
{
    const struct policy_bands *bands = &((struct policy_bands_values *)values)->bands;
    struct pack_node list;
    money begin = MONEY_ZERO;
    CHECK(pack_map_find(at, "bands", &list));
    for (size_t i = 0; i < bands->count; i++) {
        char expected[MONEY_TEXT_SIZE];
        if (money_cmp(bands->items[i].over, begin) != 0) {
            pack_problem(pack_list_item(list, i), "the bands do not touch; allowed here: over_yuan \"%s\"",
                money_format(begin, expected));
            return false;
        }
        begin = bands->items[i].up_to;
        if ((begin.fen == INT64_MAX) != (i + 1 == bands->count)) {
            pack_problem(pack_list_item(list, i), "allowed: up_to_yuan in every band but the last, which has none");
            return false;
        }
    }
    return true;
}
static const struct pack_record bands_record = PACK_RECORD_OF(struct policy_bands_values, bands_fields, finish_bands);

static const struct pack_field category_row_fields[] = {
    { "category", PACK_TERM, AT(category_row, category), REQUIRED, TERM_CATEGORY, NULL, "of the person" },
    { "income_share", PACK_RATE, AT(category_row, income_share), OPTIONAL, 0, NULL,
        "the year's deductible as a share of the income figure; left out: none" },
    { "share", PACK_RATE, AT(category_row, share), REQUIRED, 0, NULL, "what is paid above the deductible" },
};
static const struct pack_record category_row_record =
    PACK_RECORD_OF(struct policy_category_row, category_row_fields, NULL);

static const struct pack_field category_table_fields[] = {
    { "base", PACK_RECORD, AT(category_table_values, base), REQUIRED, 0, &base_record, "what is shared" },
    { "rows", PACK_ROWS, AT(category_table_values, rows), REQUIRED, 0, &category_row_record,
        "in the order in which a tie between categories is decided" },
    { "year_end_classes", PACK_CLASSES, AT(category_table_values, year_end_classes), OPTIONAL, 0, NULL,
        "chronic classes paid once, at the year's end" },
};

static bool is_new_category(struct pack_node at, term_set *seen, int category)
{
    if (term_holds(*seen, category)) {
        pack_problem(at, "`%s` has a row already; each category has one", term_name(TERM_CATEGORY, category));
        return false;
    }
    *seen |= term_bit(category);
    return true;
}

/* Both the category table and the shared cap and the enrolment subsidy begin their rows with the category. */
static bool check_categories(struct pack_node at, const void *rows, size_t count, size_t size)
{
    struct pack_node list;
    term_set seen = 0;
    bool good = true;
    CHECK(pack_map_find(at, "rows", &list));
    for (size_t i = 0; i < count; i++)
        good &= is_new_category(pack_list_item(list, i), &seen, *((const uint8_t *)rows + i * size));
    return good;
}

static bool finish_category_table(struct pack_node at, void *values)
{
    const struct policy_category_table_values *table = values;
    return check_categories(at, table->rows, table->count, sizeof *table->rows);
}
static const struct pack_record category_table_record =
    PACK_RECORD_OF(struct policy_category_table_values, category_table_fields, finish_category_table);

static const struct pack_field top_up_fields[] = {
    { "categories", PACK_TERMS, AT(top_up_values, categories), REQUIRED, TERM_CATEGORY, NULL,
        "the category applied is one of them" },
    { "target", PACK_RATE, AT(top_up_values, target), REQUIRED, 0, NULL, "of the in-policy cost, all payers together" },
};
static const struct pack_record top_up_record = PACK_RECORD_OF(struct policy_top_up_values, top_up_fields, NULL);

static const struct pack_field catalogue_fields[] = {
    { "categories", PACK_TERMS, AT(catalogue_values, categories), REQUIRED, TERM_CATEGORY, NULL,
        "of which one counts" },
    { "limit", PACK_RATE_BY_TERM, AT(catalogue_values, limit), REQUIRED, TERM_CHARGE, NULL,
        "out-of-catalogue cost above this share of the total is the hospital's" },
    { "fund_categories", PACK_TERMS, AT(catalogue_values, fund_categories), REQUIRED, TERM_CATEGORY, NULL,
        "for these the fund pays within the limit" },
    { "fund_share", PACK_RATE, AT(catalogue_values, fund_share), REQUIRED, 0, NULL, "of what lies within the limit" },
};
static const struct pack_record catalogue_record =
    PACK_RECORD_OF(struct policy_catalogue_values, catalogue_fields, NULL);

static const struct pack_field excess_fields[] = {
    { "base", PACK_RECORD, AT(excess_values, base), REQUIRED, 0, &base_record, "what is summed over the year" },
    { "above_income", PACK_RATE, AT(excess_values, above_income), REQUIRED, 0, NULL,
        "the threshold as a share of the income figure" },
    { "share", PACK_RATE, AT(excess_values, share), REQUIRED, 0, NULL, "what is paid above it" },
    { "cap_yuan", PACK_CAP, AT(excess_values, cap), REQUIRED, 0, NULL, "of the year, the rule's own" },
    { "referrals", PACK_TERMS, AT(excess_values, referrals), REQUIRED, TERM_REFERRAL, NULL,
        "with which a visit qualifies" },
    { "minus_rules", PACK_EARLIER_RULES, AT(excess_values, minus_rules), REQUIRED, 0, NULL,
        "whose lines are taken off the base first" },
};
static const struct pack_record excess_record = PACK_RECORD_OF(struct policy_excess_values, excess_fields, NULL);

static const struct pack_field per_visit_fields[] = {
    { "holders", PACK_TERMS, AT(per_visit_values, holders), REQUIRED, TERM_CATEGORY, NULL,
        "all held on the day, else NOT_ELIGIBLE" },
    { "deductible_yuan", PACK_MONEY_BY_TERM, AT(per_visit_values, deductible), REQUIRED, TERM_LEVEL, NULL,
        "of each visit, by hospital level" },
    { "share", PACK_RATE_BY_TERM, AT(per_visit_values, share), REQUIRED, TERM_LEVEL, NULL,
        "above it, by hospital level" },
    { "plus_category", PACK_TERM, AT(per_visit_values, plus_category), OPTIONAL, TERM_CATEGORY, NULL,
        "who is given more" },
    { "plus", PACK_RATE, AT(per_visit_values, plus), OPTIONAL, 0, NULL, "points more for them" },
    { "cap_yuan", PACK_CAP, AT(per_visit_values, cap), REQUIRED, 0, NULL, "of the year" },
    { "plus_cap_yuan", PACK_CAP, AT(per_visit_values, plus_cap), OPTIONAL, 0, NULL, "of the year, for them" },
    { "paid_months_category", PACK_TERM, AT(per_visit_values, paid_months_category), OPTIONAL, TERM_CATEGORY, NULL,
        "with this one's funding MONTHLY, and without plus_category, the cap grows with the months paid" },
    { "paid_months_contribution", PACK_TERM, AT(per_visit_values, paid_months_contribution), OPTIONAL,
        TERM_CONTRIBUTION, NULL, "the contribution whose months count" },
};

/* Those who are given more need all three of their figures, and so do the months. */
static bool finish_per_visit(struct pack_node at, void *values)
{
    static const char *const together[][3] = {
        { "plus_category", "plus", "plus_cap_yuan" },
        { "paid_months_category", "paid_months_contribution", "paid_months_contribution" },
    };
    struct pack_node value;
    bool good = true;
    (void)values;
    for (size_t set = 0; set < COUNT_OF(together); set++) {
        int found = 0;
        for (size_t i = 0; i < 3; i++)
            found += pack_map_find(at, together[set][i], &value);
        if (found != 0 && found != 3) {
            pack_problem(at, "`%s`, `%s` belong together; allowed: all or none", together[set][0], together[set][1]);
            good = false;
        }
    }
    return good;
}
static const struct pack_record per_visit_record =
    PACK_RECORD_OF(struct policy_per_visit_values, per_visit_fields, finish_per_visit);

static const struct pack_field account_fields[] = {
    { "holders", PACK_TERMS, AT(account_values, holders), REQUIRED, TERM_CATEGORY, NULL,
        "credited monthly while all of them are held" },
    { "since_category", PACK_TERM, AT(account_values, since_category), REQUIRED, TERM_CATEGORY, NULL,
        "from the month after this holding began" },
    { "monthly_credit_yuan", PACK_MONEY, AT(account_values, monthly_credit), REQUIRED, 0, NULL,
        "on the first of each month" },
    { "credited_from", PACK_DAY, AT(account_values, credited_from), REQUIRED, 0, NULL,
        "the first month that is credited" },
    { "purposes", PACK_TERMS, AT(account_values, purposes), REQUIRED, TERM_PURPOSE, NULL,
        "allowed; others are PURPOSE_BARRED" },
    { "institution_purposes", PACK_TERMS, AT(account_values, institution_purposes), REQUIRED, TERM_PURPOSE, NULL,
        "of these: only at a designated institution and without exclusion" },
    { "relations", PACK_TERMS, AT(account_values, relations), REQUIRED, TERM_RELATION, NULL,
        "for whom else it may be used" },
    { "default_cares", PACK_TERMS, AT(account_values, default_cares), REQUIRED, TERM_CARE, NULL,
        "that use the account when the message does not say" },
    { "default_purpose", PACK_PURPOSES, AT(account_values, default_purpose), REQUIRED, 0, NULL,
        "the purpose when the message does not say" },
};
static const struct pack_record account_record = PACK_RECORD_OF(struct policy_account_values, account_fields, NULL);

static const struct pack_field case_subsidy_fields[] = {
    { "scheme", PACK_TERM, AT(case_subsidy_values, scheme), REQUIRED, TERM_SCHEME, NULL, "of the applications" },
    { "cares", PACK_TERMS, AT(case_subsidy_values, cares), REQUIRED, TERM_CARE, NULL, "that count" },
    { "within", PACK_PREFIX, AT(case_subsidy_values, within), OPTIONAL, 0, NULL,
        "only hospitals standing in this region; left out: any designated one" },
    { "base", PACK_RECORD, AT(case_subsidy_values, base), REQUIRED, 0, &base_record, "what is summed over the year" },
    { "hardship", PACK_TERMS, AT(case_subsidy_values, hardship), REQUIRED, TERM_CATEGORY, NULL,
        "one of them held on the day of approval" },
    { "hardship_deductible_yuan", PACK_MONEY, AT(case_subsidy_values, hardship_deductible), REQUIRED, 0, NULL,
        "of the year" },
    { "hardship_share", PACK_RATE, AT(case_subsidy_values, hardship_share), REQUIRED, 0, NULL,
        "what is paid above it" },
    { "deductible_yuan", PACK_MONEY, AT(case_subsidy_values, deductible), REQUIRED, 0, NULL,
        "of the year, for all others" },
    { "share", PACK_RATE, AT(case_subsidy_values, share), REQUIRED, 0, NULL, "what is paid above it, for all others" },
    { "cap_yuan", PACK_CAP, AT(case_subsidy_values, cap), REQUIRED, 0, NULL, "of the year" },
    { "household", PACK_TERM, AT(case_subsidy_values, household), REQUIRED, TERM_CATEGORY, NULL,
        "who holds this needs one of `insured` on the day of applying" },
    { "insured", PACK_TERMS, AT(case_subsidy_values, insured), REQUIRED, TERM_CATEGORY, NULL, "one of them" },
    { "insured_years", PACK_INT, AT(case_subsidy_values, insured_years), REQUIRED, 50, NULL,
        "without `household`: insured without a break for so many years" },
    { "apply_by", PACK_MONTH_DAY, AT(case_subsidy_values, apply_month), REQUIRED, 0, NULL,
        "of the next year: the last day to apply" },
    { "first_year", PACK_INT, AT(case_subsidy_values, first_year), REQUIRED, 9999, NULL,
        "whose costs are the first to count" },
};
static const struct pack_record case_subsidy_record =
    PACK_RECORD_OF(struct policy_case_subsidy_values, case_subsidy_fields, NULL);

static const struct pack_field enrolment_row_fields[] = {
    { "category", PACK_TERM, AT(enrolment_row, category), REQUIRED, TERM_CATEGORY, NULL, "of the person" },
    { "share", PACK_RATE, AT(enrolment_row, share), OPTIONAL, 0, NULL, "of the premium" },
    { "floor_yuan", PACK_MONEY, AT(enrolment_row, floor), OPTIONAL, 0, NULL,
        "with `share`: at least this; alone: exactly this; never more than the premium" },
};

static bool finish_enrolment_row(struct pack_node at, void *values)
{
    struct policy_enrolment_row *row = values;
    struct pack_node value;
    bool has_share = pack_map_find(at, "share", &value);
    row->has_floor = pack_map_find(at, "floor_yuan", &value);
    row->fixed = row->has_floor && !has_share;
    if (has_share || row->has_floor)
        return true;
    pack_problem(at, "the row gives nothing; allowed: `share`, `floor_yuan`, or both");
    return false;
}
static const struct pack_record enrolment_row_record =
    PACK_RECORD_OF(struct policy_enrolment_row, enrolment_row_fields, finish_enrolment_row);

static const struct pack_field enrolment_fields[] = {
    { "rows", PACK_ROWS, AT(enrolment_values, rows), REQUIRED, 0, &enrolment_row_record, "the largest holds" },
};

static bool finish_enrolment(struct pack_node at, void *values)
{
    const struct policy_enrolment_values *enrolment = values;
    return check_categories(at, enrolment->rows, enrolment->count, sizeof *enrolment->rows);
}
static const struct pack_record enrolment_record =
    PACK_RECORD_OF(struct policy_enrolment_values, enrolment_fields, finish_enrolment);

static const struct pack_field watch_fields[] = {
    { "key_categories", PACK_TERMS, AT(watch_values, key_categories), REQUIRED, TERM_CATEGORY, NULL,
        "one held on the day of the last discharge" },
    { "key_threshold_yuan", PACK_MONEY, AT(watch_values, key_threshold), REQUIRED, 0, NULL,
        "the year's burden above which they are warned about" },
    { "other_categories", PACK_TERMS, AT(watch_values, other_categories), REQUIRED, TERM_CATEGORY, NULL,
        "all others watched" },
    { "other_threshold_yuan", PACK_MONEY, AT(watch_values, other_threshold), REQUIRED, 0, NULL, "for them" },
    { "departments", PACK_TERMS, AT(watch_values, departments), REQUIRED, TERM_DEPARTMENT, NULL, "who is told" },
    { "list_day", PACK_INT, AT(watch_values, list_day), REQUIRED, 28, NULL,
        "of the next month: the monthly list is due" },
    { "reply_working_days", PACK_INT, AT(watch_values, reply_working_days), REQUIRED, 250, NULL,
        "within which an answer is due" },
    { "claim_warning_days", PACK_INT, AT(watch_values, claim_warning_days), REQUIRED, 365, NULL,
        "before a manual claim lapses" },
};
static const struct pack_record watch_record = PACK_RECORD_OF(struct policy_watch_values, watch_fields, NULL);

static const struct pack_field levy_fields[] = {
    { "levy", PACK_RATE, AT(levy_values, levy), REQUIRED, 0, NULL, "of the payroll" },
    { "grant_part", PACK_RATE, AT(levy_values, grant_part), REQUIRED, 0, NULL,
        "of the levy: equal shares for the holders" },
    { "holder", PACK_TERM, AT(levy_values, holder), REQUIRED, TERM_CATEGORY, NULL, "who is given a share" },
    { "agency_fee_least", PACK_RATE, AT(levy_values, agency_fee_least), REQUIRED, 0, NULL, "of the levy" },
    { "agency_fee_most", PACK_RATE, AT(levy_values, agency_fee_most), REQUIRED, 0, NULL, "of the levy" },
};
static const struct pack_record levy_record = PACK_RECORD_OF(struct policy_levy_values, levy_fields, NULL);

static const struct pack_field reserve_fields[] = {
    { "yearly", PACK_RATE, AT(reserve_values, yearly), REQUIRED, 0, NULL, "of the year's income" },
    { "most", PACK_RATE, AT(reserve_values, most), REQUIRED, 0, NULL, "of it: what the reserve may hold" },
};
static const struct pack_record reserve_record = PACK_RECORD_OF(struct policy_reserve_values, reserve_fields, NULL);

static const struct pack_field shared_cap_row_fields[] = {
    { "category", PACK_TERM, AT(shared_cap_row, category), REQUIRED, TERM_CATEGORY, NULL, "the category applied" },
    { "cap_yuan", PACK_CAP, AT(shared_cap_row, cap), REQUIRED, 0, NULL,
        "of the year, for the group's tables and top-up" },
};
static const struct pack_record shared_cap_row_record =
    PACK_RECORD_OF(struct policy_shared_cap_row, shared_cap_row_fields, NULL);

static const struct pack_field shared_cap_fields[] = {
    { "rows", PACK_ROWS, AT(shared_cap_values, rows), REQUIRED, 0, &shared_cap_row_record, "one for each category" },
};

static bool finish_shared_cap(struct pack_node at, void *values)
{
    const struct policy_shared_cap_values *shared = values;
    return check_categories(at, shared->rows, shared->count, sizeof *shared->rows);
}
static const struct pack_record shared_cap_record =
    PACK_RECORD_OF(struct policy_shared_cap_values, shared_cap_fields, finish_shared_cap);

static const struct pack_field bar_fields[] = {
    { "inside", PACK_PREFIX, AT(bar_values, inside), REQUIRED, 0, NULL, "within which nothing is barred" },
    { "referrals", PACK_TERMS, AT(bar_values, referrals), REQUIRED, TERM_REFERRAL, NULL, "barred outside" },
};
static const struct pack_record bar_record = PACK_RECORD_OF(struct policy_bar_values, bar_fields, NULL);

static const struct pack_field application_fields[] = {
    { "categories", PACK_TERMS, AT(application_values, categories), REQUIRED, TERM_CATEGORY, NULL,
        "that count only with an approved case of the year" },
    { "scheme", PACK_TERM, AT(application_values, scheme), REQUIRED, TERM_SCHEME, NULL, "of the case" },
};
static const struct pack_record application_record =
    PACK_RECORD_OF(struct policy_application_values, application_fields, NULL);

static const struct pack_field claim_fields[] = {
    { "days", PACK_INT, AT(claim_values, days), REQUIRED, 3660, NULL, "from the last discharge that the claim names" },
};
static const struct pack_record claim_record = PACK_RECORD_OF(struct policy_claim_values, claim_fields, NULL);

static const struct pack_field duty_fields[] = {
    { "category", PACK_TERM, AT(duty_values, category), REQUIRED, TERM_CATEGORY, NULL,
        "whose funding decides when it is due" },
    { "contribution", PACK_TERM, AT(duty_values, contribution), REQUIRED, TERM_CONTRIBUTION, NULL, "that is owed" },
    { "due_day", PACK_INT, AT(duty_values, due_day), REQUIRED, 28, NULL, "of the month itself, January to November" },
    { "december_due_day", PACK_INT, AT(duty_values, december_due_day), REQUIRED, 31, NULL, "of December" },
    { "yearly_by", PACK_MONTH_DAY, AT(duty_values, yearly_month), REQUIRED, 0, NULL,
        "the last day for those who pay by the year" },
    { "makeup", PACK_BOOL, AT(duty_values, makeup), REQUIRED, 0, NULL, "paying later brings the benefit back" },
    { "yearly_amount_yuan", PACK_MONEY, AT(duty_values, yearly_amount), REQUIRED, 0, NULL, "for a whole year" },
    { "monthly_amount_yuan", PACK_MONEY, AT(duty_values, monthly_amount), REQUIRED, 0, NULL, "for a month" },
};
static const struct pack_record duty_record = PACK_RECORD_OF(struct policy_duty_values, duty_fields, NULL);

static const struct pack_kind kinds[POLICY_KIND_COUNT] = {
    [POLICY_CUMULATIVE_BANDS] = { &bands_record, .group = true, .fund = true, .care = true },
    [POLICY_CATEGORY_TABLE] = { &category_table_record, .group = true, .fund = true, .care = true },
    [POLICY_TOP_UP] = { &top_up_record, .group = true, .fund = true, .care = true },
    [POLICY_CATALOGUE_RATIO] = { &catalogue_record, .group = true, .fund = true, .care = true },
    [POLICY_EXCESS_RATIO] = { &excess_record, .group = true, .fund = true, .care = true },
    [POLICY_PER_VISIT] = { &per_visit_record, .group = true, .fund = true, .care = true },
    [POLICY_ACCOUNT] = { &account_record },
    [POLICY_CASE_SUBSIDY] = { &case_subsidy_record, .fund = true },
    [POLICY_ENROLMENT_SUBSIDY] = { &enrolment_record, .fund = true },
    [POLICY_THRESHOLD_WATCH] = { &watch_record },
    [POLICY_LEVY_GRANT] = { &levy_record, .fund = true },
    [POLICY_FUND_RESERVE] = { &reserve_record, .fund = true },
    [POLICY_SHARED_CAP] = { &shared_cap_record, .group = true },
    [POLICY_REFERRAL_BAR] = { &bar_record, .group = true },
    [POLICY_ON_APPLICATION] = { &application_record, .group = true },
    [POLICY_MANUAL_CLAIM] = { &claim_record, .group = true },
    [POLICY_CONTRIBUTION_DUTY] = { &duty_record, .group = true },
};

const struct pack_kind *pack_kind_of(enum policy_kind kind)
{
    return &kinds[kind];
}
