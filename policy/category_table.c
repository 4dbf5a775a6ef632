#include "policy/category_table.h"

const struct policy_category_row *policy_category_row(const struct policy_category_table_values *values, int category)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->rows[i].category == category)
            return &values->rows[i];
    return NULL;
}

bool policy_is_year_end_visit(const struct policy_visit *visit, const struct policy_category_table_values *values)
{
    return visit->care == CARE_CHRONIC && ((values->year_end_classes >> visit->chronic_class) & 1);
}

/* Article 14: what is left of the year's deductible absorbs the visit first. False: the income figure is not
 * published. */
static bool absorb(const struct policy_turn *turn, const struct policy_category_row *row, struct policy_line *line)
{
    money income;
    if (row->income_share.bp == 0)
        return true;
    if (!policy_income_on(turn->pack, turn->stay->discharged, &income))
        return false;
    money whole = money_share(income, row->income_share);
    money left = money_minus_floor(whole, turn->year->tallies[line->rule->index].absorbed);
    line->deductible = money_min(line->base, left);
    return true;
}

static void pay(const struct policy_turn *turn, const struct policy_category_row *row, struct policy_line *line)
{
    line->amount = money_share(money_sub(line->base, line->deductible), row->share);
    struct policy_cap cap = policy_shared_cap(turn, line->rule, row->category);
    if (cap.limited) {
        line->cap = cap.amount;
        policy_line_limit(line, money_minus_floor(cap.amount, turn->year->shared_used[line->rule->group]), LIMIT_YEAR);
    }
}

void policy_category_table_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_category_table_values *values, int category)
{
    const struct policy_category_row *row = policy_category_row(values, category);
    if (row == NULL)
        return;
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->category = (uint8_t)category;
    line->base = policy_base_of(turn, &values->base);
    line->share = row->share;
    if (policy_is_year_end_visit(turn->stay->visit, values)) {
        line->limit = LIMIT_LATER;
        line->deferred = exact_share(line->base, row->share);
    } else if (absorb(turn, row, line)) {
        pay(turn, row, line);
    } else {
        line->limit = LIMIT_REASON;
        line->reason = REASON_INCOME_FIGURE_MISSING;
    }
}
