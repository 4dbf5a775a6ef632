#include "policy/top_up.h"

/* What the group's category tables pay for this visit. */
static money table_lines(const struct policy_turn *turn, const struct policy_rule *rule)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < turn->lines->count; i++) {
        const struct policy_line *line = &turn->lines->items[i];
        if (line->rule->kind == POLICY_CATEGORY_TABLE && line->rule->group == rule->group)
            sum = money_add(sum, line->amount);
    }
    return sum;
}

void policy_top_up_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_top_up_values *values, int category, money self_pay)
{
    if (!term_holds(values->categories, category))
        return;
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->category = (uint8_t)category;
    line->base = turn->stay->visit->in_policy;
    line->share = values->target;
    money by_others = money_sub(line->base, self_pay);
    money so_far = money_add(by_others, table_lines(turn, rule));
    line->amount = money_minus_floor(money_share(line->base, values->target), so_far);
}
