/* The personal account over the years (rules.md S, shangluo.account and S5): credits, uses in order, transfers,
 * inheritance. */
#include "base/sort.h"
#include "state/fold_parts.h"

/* ---- Credits ---- */

struct credit {
    day on;
    money amount;
};

static int credit_order(const void *a, const void *b)
{
    return day_cmp(((const struct credit *)a)->on, ((const struct credit *)b)->on);
}

/* What rows and inheritances bring; the row that holds stands first among those of its identity. */
static bool is_superseded(const struct fold *fold, size_t at)
{
    const struct fact_contribution *row = &fold->input->facts[at]->contribution;
    const struct fact *before = at == 0 ? NULL : fold->input->facts[at - 1];
    return before != NULL && before->kind == FACT_CONTRIBUTION && before->contribution.contribution == row->contribution
        && before->contribution.year == row->year && before->contribution.month == row->month;
}

static size_t collect_credits(const struct fold *fold, struct credit *credits)
{
    size_t count = 0;
    const struct fold_range *rows = &fold->kinds[FACT_CONTRIBUTION], *moved = &fold->kinds[FACT_CREDIT];
    for (size_t i = rows->from; i < rows->from + rows->count; i++) {
        const struct fact_contribution *row = &fold->input->facts[i]->contribution;
        if (!is_superseded(fold, i) && !row->removed && !money_is_zero(row->account_credit))
            credits[count++] = (struct credit){ row->paid_on, row->account_credit };
    }
    for (size_t i = moved->from; i < moved->from + moved->count; i++)
        credits[count++] =
            (struct credit){ fold->input->facts[i]->credit.credited_on, fold->input->facts[i]->credit.amount };
    return count;
}

enum status fold_open_account(struct fold *fold)
{
    struct fold_account *account = &fold->account;
    const struct policy_rule *rule = fold->input->pack->account;
    if (rule == NULL)
        return STATUS_OK;
    account->next_month = rule->versions[0].account.credited_from;
    size_t room = fold->kinds[FACT_CONTRIBUTION].count + fold->kinds[FACT_CREDIT].count + 1;
    struct credit *credits = ARENA_ARRAY(fold->arena, room, struct credit);
    const void **sorted = (const void **)arena_take_array(fold->arena, room, sizeof *sorted);
    if (credits == NULL || sorted == NULL)
        return STATUS_ARENA_FULL;
    account->credit_count = collect_credits(fold, credits);
    for (size_t i = 0; i < account->credit_count; i++)
        sorted[i] = &credits[i];
    account->credits = sorted;
    return sort_pointers(fold->arena, sorted, account->credit_count, credit_order);
}

static const struct policy_account_values *values_on(const struct fold *fold, day d)
{
    const struct policy_rule *rule = fold->input->pack->account;
    const struct policy_version *version = rule == NULL ? NULL : policy_rule_on(rule, d);
    return version == NULL ? NULL : &version->account;
}

/* Shangluo art. 6: from the month after the retirement was approved, on each first of a month. */
static bool is_month_credited(const struct fold *fold, const struct policy_account_values *values, day first)
{
    if ((holdings_on(&fold->holdings, first) & values->holders) != values->holders)
        return false;
    if (values->since_category == 0)
        return true;
    day began = holdings_began(&fold->holdings, values->since_category, first);
    return day_first_of_next_month(began).n <= first.n;
}

static void credit_up_to(struct fold *fold, day d)
{
    struct fold_account *account = &fold->account;
    for (; account->next_credit < account->credit_count; account->next_credit++) {
        const struct credit *credit = account->credits[account->next_credit];
        if (credit->on.n > d.n)
            break;
        account->balance = money_add(account->balance, credit->amount);
    }
    for (; account->next_month.n <= d.n; account->next_month = day_first_of_next_month(account->next_month)) {
        const struct policy_account_values *values = values_on(fold, account->next_month);
        if (values != NULL && is_month_credited(fold, values, account->next_month))
            account->balance = money_add(account->balance, values->monthly_credit);
    }
}

/* ---- Transfers and inheritance ---- */

static bool moves_account(const struct fact *fact)
{
    return fact->action.action == ACTION_ACCOUNT_TRANSFER_OUT || fact->action.action == ACTION_ACCOUNT_INHERIT;
}

/* The next movement after `after` (by day, then the facts' order) and before `before`; NULL when there is none. */
static const struct fact *next_movement(const struct fold *fold, const struct fact *after, day before)
{
    const struct fold_range *range = &fold->kinds[FACT_CASE];
    const struct fact *next = NULL;
    for (size_t i = range->from; i < range->from + range->count; i++) {
        const struct fact *fact = fold->input->facts[i];
        if (!moves_account(fact) || fact->action.on.n >= before.n)
            continue;
        if (after != NULL && (fact == after || fold_movement_order(fact, after) <= 0))
            continue;
        if (next == NULL || fold_movement_order(fact, next) < 0)
            next = fact;
    }
    return next;
}

int fold_movement_order(const struct fact *a, const struct fact *b)
{
    int order = day_cmp(a->action.on, b->action.on);
    return order != 0 ? order : fact_content_cmp(a, b, NULL);
}

/* Shangluo art. 9: the whole balance leaves. */
static enum status move_balance(struct fold *fold, const struct fact *fact)
{
    const struct policy_lines none = { .count = 0 };
    credit_up_to(fold, fact->action.on);
    struct ledger_subject subject = { .subject = SUBJECT_ACCOUNT,
        .outcome = OUTCOME_FINAL,
        .half = HALF_SAME,
        .year = day_year(fact->action.on),
        .id = fold_free_id(fold, SUBJECT_ACCOUNT, fact->action.case_id, fact),
        .at_admission = holdings_on(&fold->holdings, fact->action.on),
        .account = fold->account.balance,
        .cause = fact };
    subject.at_discharge = subject.at_admission;
    if (fact->action.action == ACTION_ACCOUNT_INHERIT) {
        subject.heir = fact->action.counterparty_id;
        subject.moved_on = fact->action.on;
    }
    fold->account.balance = MONEY_ZERO;
    fold->account.moved = fact;
    return fold_add_subject(fold, &subject, &none);
}

enum status fold_move_account(struct fold *fold, day before)
{
    if (fold->input->pack->account == NULL)
        return STATUS_OK;
    for (;;) {
        const struct fact *fact = next_movement(fold, fold->account.moved, before);
        if (fact == NULL)
            return STATUS_OK;
        enum status status = move_balance(fold, fact);
        if (status != STATUS_OK)
            return status;
    }
}

/* ---- Uses ---- */

static bool wants_account(const struct policy_visit *visit, const struct policy_account_values *values)
{
    if (visit->has_account)
        return visit->account_use == ACCOUNT_USE_IF_AVAILABLE;
    return term_holds(values->default_cares, visit->care);
}

static uint8_t purpose_of(const struct policy_visit *visit, const struct policy_account_values *values)
{
    if (visit->has_account && visit->purpose != 0)
        return visit->purpose;
    return values->default_purpose[visit->care] != 0 ? values->default_purpose[visit->care] : PURPOSE_MEDICAL;
}

static bool is_relative(const struct fold *fold, const struct policy_account_values *values, struct text id, day d)
{
    for (size_t i = 0; i < fold->holdings.count; i++) {
        const struct holding *holding = &fold->holdings.items[i];
        if (holding->category == CATEGORY_RELATIVE && holding->from.n <= d.n && d.n < holding->to.n
            && term_holds(values->relations, holding->relation) && text_equal(holding->grant->identity.relative_id, id))
            return true;
    }
    return false;
}

/* rules.md S5: whose account, and for whom. */
static bool is_for_family(
    const struct fold *fold, const struct policy_account_values *values, const struct encounter *encounter)
{
    const struct policy_visit *visit = &encounter->discharge->discharge.visit;
    if (!text_is_empty(visit->account_owner) && !text_equal(visit->account_owner, fold->input->person_id))
        return false;
    return text_is_empty(visit->account_beneficiary) || text_equal(visit->account_beneficiary, fold->input->person_id)
        || is_relative(fold, values, visit->account_beneficiary, encounter->discharged);
}

/* What keeps the account shut for this visit. */
static term_set refusals(
    const struct fold *fold, const struct policy_account_values *values, const struct encounter *encounter)
{
    const struct policy_visit *visit = &encounter->discharge->discharge.visit;
    uint8_t purpose = purpose_of(visit, values);
    term_set reasons = 0;
    if (!term_holds(values->purposes, purpose))
        reasons |= term_bit(REASON_PURPOSE_BARRED);
    if (!is_for_family(fold, values, encounter))
        reasons |= term_bit(REASON_NOT_A_RELATIVE);
    if (term_holds(values->institution_purposes, purpose)) {
        reasons |= visit->exclusion != EXCLUSION_NONE ? term_bit(REASON_EXCLUDED_COST) : 0;
        reasons |= !visit->designated ? term_bit(REASON_NOT_DESIGNATED) : 0;
    }
    return reasons;
}

void fold_use_account(struct fold *fold, const struct encounter *encounter, struct ledger_subject *subject)
{
    const struct policy_account_values *values = values_on(fold, encounter->discharged);
    const struct policy_visit *visit = &encounter->discharge->discharge.visit;
    if (values == NULL || encounter->admission_missing || !wants_account(visit, values))
        return;
    term_set refused = refusals(fold, values, encounter);
    subject->reasons |= refused;
    if (refused != 0)
        return;
    credit_up_to(fold, encounter->discharged);
    subject->account = money_max(MONEY_ZERO, money_min(subject->burden, fold->account.balance));
    if (visit->care == CARE_ACCOUNT_PURCHASE)
        subject->account = money_min(subject->account, visit->account_requested);
    fold->account.balance = money_sub(fold->account.balance, subject->account);
}
