#include "policy/catalogue.h"

bool policy_catalogue_holds(const struct policy_turn *turn, const struct policy_catalogue_values *values)
{
    return (turn->counted & values->categories) != 0 && turn->stay->visit->charge_class != 0;
}

static money limit_of(const struct policy_visit *visit, const struct policy_catalogue_values *values)
{
    return money_share(visit->total, values->limit[visit->charge_class]);
}

void policy_catalogue_hospital_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_catalogue_values *values)
{
    const struct policy_visit *visit = turn->stay->visit;
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->fund = FUND_HOSPITAL;
    line->base = visit->out_of_catalogue;
    line->deductible = money_min(line->base, limit_of(visit, values));
    line->share = RATE_BP(RATE_WHOLE_BP);
    line->amount = money_sub(line->base, line->deductible);
}

void policy_catalogue_fund_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_catalogue_values *values, int category)
{
    if (!term_holds(values->fund_categories, category))
        return;
    const struct policy_visit *visit = turn->stay->visit;
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->category = (uint8_t)category;
    line->base = money_min(visit->out_of_catalogue, limit_of(visit, values));
    line->share = values->fund_share;
    line->amount = money_share(line->base, values->fund_share);
}
