/* The kinds of rule around the visits: accounts, cases, subsidies, warnings, funds, and what bars, delays or caps a
 * group. */
#include "policy/pack_load_kinds.h"

#define AT(type, member) offsetof(struct policy_##type, member)
#define OPTIONAL true
#define REQUIRED false

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
const struct pack_record pack_account_record = PACK_RECORD_OF(struct policy_account_values, account_fields, NULL);

static const struct pack_field case_subsidy_fields[] = {
    { "scheme", PACK_TERM, AT(case_subsidy_values, scheme), REQUIRED, TERM_SCHEME, NULL, "of the applications" },
    { "cares", PACK_TERMS, AT(case_subsidy_values, cares), REQUIRED, TERM_CARE, NULL, "that count" },
    { "within", PACK_PREFIX, AT(case_subsidy_values, within), OPTIONAL, 0, NULL,
        "only hospitals standing in this region; left out: any designated one" },
    { "base", PACK_RECORD, AT(case_subsidy_values, base), REQUIRED, 0, &pack_base_record,
        "what is summed over the year" },
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
const struct pack_record pack_case_subsidy_record =
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
    return pack_rows_are_distinct(at, enrolment->rows, enrolment->count, sizeof *enrolment->rows);
}
const struct pack_record pack_enrolment_record =
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
const struct pack_record pack_watch_record = PACK_RECORD_OF(struct policy_watch_values, watch_fields, NULL);

static const struct pack_field levy_fields[] = {
    { "levy", PACK_RATE, AT(levy_values, levy), REQUIRED, 0, NULL, "of the payroll" },
    { "grant_part", PACK_RATE, AT(levy_values, grant_part), REQUIRED, 0, NULL,
        "of the levy: equal shares for the holders" },
    { "holder", PACK_TERM, AT(levy_values, holder), REQUIRED, TERM_CATEGORY, NULL, "who is given a share" },
    { "agency_fee_least", PACK_RATE, AT(levy_values, agency_fee_least), REQUIRED, 0, NULL, "of the levy" },
    { "agency_fee_most", PACK_RATE, AT(levy_values, agency_fee_most), REQUIRED, 0, NULL, "of the levy" },
};
const struct pack_record pack_levy_record = PACK_RECORD_OF(struct policy_levy_values, levy_fields, NULL);

static const struct pack_field reserve_fields[] = {
    { "yearly", PACK_RATE, AT(reserve_values, yearly), REQUIRED, 0, NULL, "of the year's income" },
    { "most", PACK_RATE, AT(reserve_values, most), REQUIRED, 0, NULL, "of it: what the reserve may hold" },
};
const struct pack_record pack_reserve_record = PACK_RECORD_OF(struct policy_reserve_values, reserve_fields, NULL);

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
    return pack_rows_are_distinct(at, shared->rows, shared->count, sizeof *shared->rows);
}
const struct pack_record pack_shared_cap_record =
    PACK_RECORD_OF(struct policy_shared_cap_values, shared_cap_fields, finish_shared_cap);

static const struct pack_field bar_fields[] = {
    { "inside", PACK_PREFIX, AT(bar_values, inside), REQUIRED, 0, NULL, "within which nothing is barred" },
    { "referrals", PACK_TERMS, AT(bar_values, referrals), REQUIRED, TERM_REFERRAL, NULL, "barred outside" },
};
const struct pack_record pack_bar_record = PACK_RECORD_OF(struct policy_bar_values, bar_fields, NULL);

static const struct pack_field application_fields[] = {
    { "categories", PACK_TERMS, AT(application_values, categories), REQUIRED, TERM_CATEGORY, NULL,
        "that count only with an approved case of the year" },
    { "scheme", PACK_TERM, AT(application_values, scheme), REQUIRED, TERM_SCHEME, NULL, "of the case" },
};
const struct pack_record pack_application_record =
    PACK_RECORD_OF(struct policy_application_values, application_fields, NULL);

static const struct pack_field claim_fields[] = {
    { "days", PACK_INT, AT(claim_values, days), REQUIRED, 3660, NULL, "from the last discharge that the claim names" },
};
const struct pack_record pack_claim_record = PACK_RECORD_OF(struct policy_claim_values, claim_fields, NULL);

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
const struct pack_record pack_duty_record = PACK_RECORD_OF(struct policy_duty_values, duty_fields, NULL);
