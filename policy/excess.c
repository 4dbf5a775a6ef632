#include "policy/excess.h"

bool policy_excess_holds(const struct policy_turn *turn, const struct policy_excess_values *values)
{
    return term_holds(values->referrals, turn->stay->visit->referral);
}

void policy_excess_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_excess_values *values, money base, day on)
{
    const struct policy_tally *tally = &turn->year->tallies[rule->index];
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->base = base;
    line->share = values->share;
    money income;
    if (!policy_income_on(turn->pack, on, &income)) {
        line->limit = LIMIT_REASON;
        line->reason = REASON_INCOME_FIGURE_MISSING;
        return;
    }
    money threshold = money_share(income, values->above_income);
    money above_before = money_minus_floor(tally->base, threshold);
    money above_after = money_minus_floor(money_add(tally->base, base), threshold);
    money above = money_sub(above_after, above_before);
    line->deductible = money_sub(base, above);
    line->amount = money_share(above, values->share);
    if (values->cap.limited) {
        line->cap = values->cap.amount;
        policy_line_limit(line, money_minus_floor(values->cap.amount, tally->paid), LIMIT_YEAR);
    }
}
