/* What a person's other facts say about one encounter: manual claims, applications, contributions. */
#include "state/fold_parts.h"

/* ---- Manual claims (Pingshun art. 39) ---- */

static bool names(const struct fact_case *claim, struct text encounter_id)
{
    for (size_t i = 0; i < claim->encounter_count; i++)
        if (text_equal(claim->encounter_ids[i], encounter_id))
            return true;
    return false;
}

/* Several stays claimed together: the term runs from the last discharge among the year's manual ones. */
static day last_claimed(const struct fold *fold, const struct fact_case *claim, int year)
{
    day last = DAY_FIRST;
    for (size_t i = 0; i < fold->encounters.count; i++) {
        const struct encounter *encounter = &fold->encounters.items[i];
        const struct fact_discharge *discharge = &encounter->discharge->discharge;
        if (discharge->visit.channel == CHANNEL_MANUAL && encounter->discharged.n > last.n
            && day_year(encounter->discharged) == year && names(claim, discharge->encounter_id))
            last = encounter->discharged;
    }
    return last;
}

/* The claim's term runs from the last stay it names, its length is that of this encounter's day. */
static uint8_t claim_of(const struct fold *fold, const struct encounter *encounter)
{
    const struct fold_range *range = &fold->kinds[FACT_CASE];
    uint8_t claim = CLAIM_MISSING;
    if (encounter->discharge->discharge.visit.channel != CHANNEL_MANUAL)
        return CLAIM_NOT_NEEDED;
    day deadline = encounter->discharged;
    (void)policy_claim_deadline(fold->input->pack, encounter->discharged, &deadline);
    int days = deadline.n - encounter->discharged.n;
    for (size_t i = range->from; i < range->from + range->count; i++) {
        const struct fact_case *action = &fold->input->facts[i]->action;
        if (action->action != ACTION_CLAIM || !names(action, encounter->discharge->discharge.encounter_id))
            continue;
        if (action->on.n <= last_claimed(fold, action, fold->year_number).n + days)
            return CLAIM_IN_TIME;
        claim = CLAIM_LATE;
    }
    return claim;
}

/* ---- Applications (Pingshun art. 17) ---- */

static bool is_application_approved(const struct fold *fold, day discharged)
{
    const struct policy_pack *pack = fold->input->pack;
    for (size_t i = 0; i < pack->group_count && fold->cases.count != 0; i++) {
        const struct policy_rule *rule = pack->groups[i].application;
        const struct policy_version *version = rule == NULL ? NULL : policy_rule_on(rule, discharged);
        if (version == NULL)
            continue;
        const struct case_file *file = case_files_find(&fold->cases, version->application.scheme, fold->year_number);
        if (file != NULL && file->approved)
            return true;
    }
    return false;
}

/* ---- Contributions ---- */

/* The row that holds for (contribution, year, month); NULL when there is none or the last word took it back. */
static const struct fact_contribution *contribution_for(const struct fold *fold, int contribution, int month)
{
    const struct fold_range *range = &fold->kinds[FACT_CONTRIBUTION];
    for (size_t i = range->from; i < range->from + range->count; i++) {
        const struct fact_contribution *row = &fold->input->facts[i]->contribution;
        if (row->contribution == contribution && row->year == fold->year_number && row->month == month)
            return row->removed ? NULL : row;
    }
    return NULL;
}

static bool is_paid(const struct fold *fold, const struct policy_duty_values *duty, int month, day by)
{
    const struct fact_contribution *row = contribution_for(fold, duty->contribution, month);
    money due = month == 0 ? duty->yearly_amount : duty->monthly_amount;
    return row != NULL && money_cmp(row->amount, due) == 0 && (duty->makeup || row->paid_on.n <= by.n);
}

/* Qingyang 三（二）: a month is in arrears when its due day has passed and neither it nor the whole year is paid. */
static bool owes_a_month(const struct fold *fold, const struct policy_duty_values *duty, day discharged)
{
    for (int month = 1; month <= 12; month++) {
        day due = day_of(fold->year_number, month, month == 12 ? duty->december_due_day : duty->due_day);
        if (due.n >= discharged.n)
            return false;
        if (term_holds(holdings_on(&fold->holdings, due), duty->category) && !is_paid(fold, duty, month, discharged)
            && !is_paid(fold, duty, 0, discharged))
            return true;
    }
    return false;
}

static bool owes(const struct fold *fold, const struct policy_duty_values *duty, day discharged)
{
    const struct holding *membership = holdings_latest(&fold->holdings, duty->category, discharged);
    if (membership == NULL || membership->funding == FUNDING_FISCAL)
        return false;
    if (membership->funding == FUNDING_MONTHLY)
        return owes_a_month(fold, duty, discharged);
    day due = day_of(fold->year_number, duty->yearly_month, duty->yearly_day);
    return discharged.n > due.n && !is_paid(fold, duty, 0, discharged);
}

static bool is_in_arrears(const struct fold *fold, day discharged)
{
    const struct policy_pack *pack = fold->input->pack;
    for (size_t i = 0; i < pack->group_count; i++) {
        const struct policy_rule *rule = pack->groups[i].duty;
        const struct policy_version *version = rule == NULL ? NULL : policy_rule_on(rule, discharged);
        if (version != NULL && owes(fold, &version->duty, discharged))
            return true;
    }
    return false;
}

/* Shangluo art. 14: how many of the year's months were paid by the day of the visit; -1 where the whole cap holds. */
static int paid_months(const struct fold *fold, day visited)
{
    const struct policy_version *version = fold->per_visit == NULL ? NULL : policy_rule_on(fold->per_visit, visited);
    const struct policy_per_visit_values *values = version == NULL ? NULL : &version->per_visit;
    if (values == NULL || values->paid_months_contribution == 0)
        return -1;
    const struct holding *insured = holdings_latest(&fold->holdings, values->paid_months_category, visited);
    if (insured == NULL || insured->funding != FUNDING_MONTHLY)
        return -1;
    int months = 0;
    for (int month = 0; month <= 12; month++) {
        const struct fact_contribution *row = contribution_for(fold, values->paid_months_contribution, month);
        if (row != NULL && row->paid_on.n <= visited.n)
            months += month == 0 ? 12 : 1;
    }
    return months > 12 ? 12 : months;
}

struct policy_gates fold_gates(const struct fold *fold, const struct encounter *encounter)
{
    day discharged = encounter->discharged;
    return (struct policy_gates){ .claim = claim_of(fold, encounter),
        .application_approved = is_application_approved(fold, discharged),
        .in_arrears = is_in_arrears(fold, discharged),
        .paid_months = paid_months(fold, discharged) };
}
