#include "policy/category_table.h"
#include "policy/excess.h"

#include "policy/settle.h"

/* The version of a rule at the year's end; of a policy that ended within the year, the last one. */
static const struct policy_version *version_at_end(
    const struct policy_pack *pack, const struct policy_rule *rule, int year)
{
    day last = day_of(year, 12, 31);
    return policy_rule_on(rule, day_cmp(last, pack->in_force.to) > 0 ? pack->in_force.to : last);
}

/* Pingshun art. 15 and 18: no cap if one of the year's categories has none, else the largest of their caps. */
static struct policy_cap largest_cap(
    const struct policy_turn *turn, const struct policy_rule *rule, term_set categories)
{
    struct policy_cap largest = { .limited = true };
    for (int category = 1; category < TERM_LIMIT; category++) {
        if (!term_holds(categories, category))
            continue;
        struct policy_cap cap = policy_shared_cap(turn, rule, category);
        if (!cap.limited)
            return cap;
        largest.amount = money_max(largest.amount, cap.amount);
    }
    return largest;
}

static void add_table_line(const struct policy_turn *turn, const struct policy_rule *rule)
{
    const struct policy_year *year = turn->year;
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->base = year->year_end_base;
    line->amount = exact_round(year->year_end_share);
    struct policy_cap cap = largest_cap(turn, rule, year->year_end_categories);
    if (cap.limited && year->year_end_categories != 0) {
        line->cap = cap.amount;
        policy_line_limit(line, money_minus_floor(cap.amount, year->shared_used[rule->group]), LIMIT_YEAR);
    }
}

/* Pingshun art. 20: what remains of the year-end visits joins the running total last, with the figure of 31
 * December. */
static void add_excess_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_excess_values *values, int year_number)
{
    money base = turn->year->year_end_excess_base;
    for (size_t i = 0; i < values->minus_count; i++)
        base = money_minus_floor(base, policy_lines_of(turn->lines, values->minus_rules[i]));
    policy_excess_line(turn, rule, values, base, day_of(year_number, 12, 31));
}

void policy_settle_year_end(
    const struct policy_pack *pack, int year_number, struct policy_year *year, struct policy_lines *ret_lines)
{
    day last = day_of(year_number, 12, 31);
    struct policy_stay stay = { .admitted = last,
        .discharged = day_cmp(last, pack->in_force.to) > 0 ? pack->in_force.to : last };
    struct policy_turn turn = { .pack = pack, .stay = &stay, .year = year, .lines = ret_lines };
    ret_lines->count = 0;
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct policy_rule *rule = &pack->rules[i];
        const struct policy_version *version = version_at_end(pack, rule, year_number);
        if (version == NULL)
            continue;
        if (rule->kind == POLICY_CATEGORY_TABLE && version->table.year_end_classes != 0)
            add_table_line(&turn, rule);
        else if (rule->kind == POLICY_EXCESS_RATIO && !money_is_zero(year->year_end_excess_base))
            add_excess_line(&turn, rule, &version->excess, year_number);
    }
}
