/* The yearly subsidy on application (rules.md J): one subject per case. */
#include "policy/case_subsidy.h"
#include "state/fold_parts.h"

/* The figures of a day, or of the policy's first day for what lies before it: costs of its first year count. */
static const struct policy_case_subsidy_values *values_on(const struct fold *fold, day d)
{
    const struct policy_rule *rule = fold->input->pack->case_subsidy;
    const struct policy_version *version = policy_rule_on(rule, d);
    return version == NULL ? &rule->versions[0].case_subsidy : &version->case_subsidy;
}

static money base_of_year(const struct fold *fold, const struct policy_case_subsidy_values *values, int year)
{
    money base = MONEY_ZERO;
    for (size_t i = 0; i < fold->encounters.count; i++) {
        const struct encounter *encounter = &fold->encounters.items[i];
        if (!encounter->admission_missing && day_year(encounter->discharged) == year)
            base = money_add(base, policy_case_subsidy_base(&encounter->discharge->discharge.visit, values));
    }
    return base;
}

static bool is_eligible(const struct fold *fold, const struct policy_case_subsidy_values *values, day applied_on)
{
    term_set held = holdings_on(&fold->holdings, applied_on);
    if (term_holds(held, values->household) && (held & values->insured) != 0)
        return true;
    return holdings_unbroken(
        &fold->holdings, values->insured, day_add_years(applied_on, -values->insured_years), applied_on);
}

/* Why a case comes to nothing; the first that applies, alone. */
static int zero_reason(
    const struct fold *fold, const struct case_file *file, const struct policy_case_subsidy_values *values)
{
    if (file->stage == CASE_REJECTED)
        return REASON_REJECTED;
    if (file->stage == CASE_WITHDRAWN)
        return REASON_WITHDRAWN;
    if (file->applied_on.n > day_of(file->year + 1, values->apply_month, values->apply_day).n)
        return REASON_LATE_APPLICATION;
    if (file->year < values->first_year || file->applied_on.n < fold->input->pack->in_force.from.n)
        return REASON_BEFORE_POLICY;
    return is_eligible(fold, values, file->applied_on) ? 0 : REASON_NOT_ELIGIBLE;
}

static uint8_t outcome_of(const struct case_file *file, int reason)
{
    if (reason != 0)
        return reason == REASON_LATE_APPLICATION ? OUTCOME_LAPSED : OUTCOME_FINAL;
    if (file->stage == CASE_OBJECTED)
        return OUTCOME_HELD;
    return file->stage == CASE_PASSED || file->stage == CASE_PAID ? OUTCOME_FINAL : OUTCOME_PENDING;
}

static enum status settle_case(struct fold *fold, const struct case_file *file)
{
    day decided_on = file->approved ? file->approved_on : file->applied_on;
    const struct policy_case_subsidy_values *values = values_on(fold, decided_on);
    term_set held = holdings_on(&fold->holdings, decided_on);
    int reason = zero_reason(fold, file, values);
    money base = money_minus_floor(base_of_year(fold, values, file->year), file->aid);
    struct policy_lines lines = { .count = 0 };
    struct policy_line line =
        policy_case_subsidy_line(fold->input->pack->case_subsidy, values, base, (held & values->hardship) != 0);
    if (reason != 0) {
        line = (struct policy_line){
            .rule = line.rule, .fund = line.fund, .base = base, .limit = LIMIT_REASON, .reason = (uint8_t)reason
        };
    }
    policy_lines_add(&lines, &line);
    term_set hardship = held & values->hardship;
    struct ledger_subject subject = { .subject = SUBJECT_CASE,
        .outcome = outcome_of(file, reason),
        .applied = hardship == 0 || reason != 0 ? 0 : (uint8_t)__builtin_ctz(hardship),
        .half = HALF_SAME,
        .year = file->year,
        .id = fold_free_id(fold, SUBJECT_CASE, file->id, file->first),
        .reasons = reason == 0 ? 0 : term_bit(reason),
        .at_admission = held,
        .at_discharge = held,
        .cause = file->opened_by };
    return fold_add_subject(fold, &subject, &lines);
}

enum status fold_cases(struct fold *fold)
{
    const struct policy_rule *rule = fold->input->pack->case_subsidy;
    enum status status = STATUS_OK;
    for (size_t i = 0; rule != NULL && i < fold->cases.count && status == STATUS_OK; i++)
        if (fold->cases.items[i].scheme == rule->versions[0].case_subsidy.scheme)
            status = settle_case(fold, &fold->cases.items[i]);
    return status;
}

/* MAY_APPLY: the year's base has risen above the person's deductible, and there is no case. */
void fold_watch_case(const struct fold *fold, struct ledger_watch *watch)
{
    if (fold->input->pack->case_subsidy == NULL)
        return;
    const struct policy_case_subsidy_values *values = values_on(fold, fold->last_discharge);
    if (fold->year_number < values->first_year
        || case_files_find(&fold->cases, values->scheme, fold->year_number) != NULL)
        return;
    bool in_hardship = (holdings_on(&fold->holdings, fold->last_discharge) & values->hardship) != 0;
    money deductible = in_hardship ? values->hardship_deductible : values->deductible;
    money base = base_of_year(fold, values, fold->year_number);
    if (money_cmp(base, deductible) <= 0)
        return;
    watch->may_apply = true;
    watch->burden = base;
    watch->threshold = deductible;
}
