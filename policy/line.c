#include "policy/line.h"

void policy_line_limit(struct policy_line *line, money most, enum policy_limit limit)
{
    if (money_cmp(line->amount, most) <= 0)
        return;
    line->amount = most;
    line->capped = true;
    line->limit = (uint8_t)limit;
}

money policy_lines_of(const struct policy_lines *lines, uint8_t rule_index)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->items[i].rule->index == rule_index)
            sum = money_add(sum, lines->items[i].amount);
    return sum;
}
