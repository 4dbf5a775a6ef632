#include "policy/per_visit.h"

/* Shangluo art. 14: those who pay by the month have a twelfth of the cap for each month that is paid. */
static struct policy_cap cap_of(const struct policy_turn *turn, const struct policy_per_visit_values *values, bool plus)
{
    struct policy_cap cap = plus ? values->plus_cap : values->cap;
    if (!plus && turn->gates->paid_months >= 0)
        cap.amount = money_scale(cap.amount, turn->gates->paid_months, 12);
    return cap;
}

void policy_per_visit_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_per_visit_values *values)
{
    const struct policy_visit *visit = turn->stay->visit;
    if ((turn->stay->at_discharge & values->holders) != values->holders)
        return;
    bool plus = values->plus_category != 0 && term_holds(turn->stay->at_discharge, values->plus_category);
    money cost_left = policy_cost_left(turn);
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->base = visit->in_policy;
    line->deductible = money_min(line->base, values->deductible[visit->level]);
    line->share = RATE_BP(values->share[visit->level].bp + (plus ? values->plus.bp : 0));
    line->amount = money_share(money_sub(line->base, line->deductible), line->share);
    struct policy_cap cap = cap_of(turn, values, plus);
    if (cap.limited) {
        line->cap = cap.amount;
        policy_line_limit(line, money_minus_floor(cap.amount, turn->year->tallies[rule->index].paid), LIMIT_YEAR);
    }
    policy_line_limit(line, cost_left, LIMIT_COST);
}
