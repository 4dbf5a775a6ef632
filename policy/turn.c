#include "policy/turn.h"

/* The line that the pack computed where no critical-illness payment was given. */
static money computed_critical_illness(const struct policy_turn *turn)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < turn->lines->count; i++)
        if (turn->lines->items[i].fund == FUND_CRITICAL_ILLNESS)
            sum = money_add(sum, turn->lines->items[i].amount);
    return sum;
}

money policy_base_of(const struct policy_turn *turn, const struct policy_base *base)
{
    const struct policy_visit *visit = turn->stay->visit;
    money less = base->less_basic_deductible ? visit->basic_deductible : MONEY_ZERO;
    for (unsigned payers = base->less_payers; payers != 0; payers &= payers - 1)
        less = money_add(less, visit->paid[__builtin_ctz(payers)]);
    if (base->computed_critical_illness && !visit->has_critical_illness)
        less = money_add(less, computed_critical_illness(turn));
    return money_minus_floor(visit->in_policy, less);
}

money policy_cost_left(const struct policy_turn *turn)
{
    const struct policy_visit *visit = turn->stay->visit;
    money taken = policy_visit_paid(visit);
    for (size_t i = 0; i < turn->lines->count; i++)
        taken = money_add(taken, turn->lines->items[i].amount);
    return money_minus_floor(visit->in_policy, taken);
}

static struct policy_cap cap_in(const struct policy_shared_cap_values *values, int category)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->rows[i].category == category)
            return values->rows[i].cap;
    return (struct policy_cap){ 0 };
}

struct policy_cap policy_shared_cap(const struct policy_turn *turn, const struct policy_rule *rule, int category)
{
    const struct policy_rule *shared = turn->pack->groups[rule->group].shared_cap;
    const struct policy_version *version = shared == NULL ? NULL : policy_rule_on(shared, turn->stay->discharged);
    return version == NULL ? (struct policy_cap){ 0 } : cap_in(&version->shared_cap, category);
}
