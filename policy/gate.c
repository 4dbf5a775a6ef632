#include "policy/gate.h"

const struct policy_category_table_values *policy_first_table(const struct policy_turn *turn, int group)
{
    size_t i = 0;
    while (turn->pack->rules[i].kind != POLICY_CATEGORY_TABLE || turn->pack->rules[i].group != group)
        i++;
    const struct policy_version *version = policy_rule_on(&turn->pack->rules[i], turn->stay->discharged);
    return version == NULL ? NULL : &version->table;
}

/* Pingshun art. 17: these count only with an approved case of the year. */
static term_set on_application(const struct policy_turn *turn, const struct policy_group *group)
{
    const struct policy_version *version =
        group->application == NULL ? NULL : policy_rule_on(group->application, turn->stay->discharged);
    return version == NULL ? 0 : version->application.categories;
}

static bool is_barred(const struct policy_turn *turn, const struct policy_group *group)
{
    const struct policy_version *version =
        group->bar == NULL ? NULL : policy_rule_on(group->bar, turn->stay->discharged);
    return version != NULL && !text_begins(turn->stay->visit->institution_region, version->bar.inside)
        && term_holds(version->bar.referrals, turn->stay->visit->referral);
}

static bool holds_all(const struct policy_turn *turn, term_set holders)
{
    return (turn->stay->at_discharge & holders) == holders;
}

/* Who the rule is for: holders on the day, or a category of the group's tables. `ret_waiting`: only an application is
 * missing. */
static bool is_eligible(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_version *version, bool *ret_waiting)
{
    if (rule->kind == POLICY_CUMULATIVE_BANDS)
        return holds_all(turn, version->bands.holders);
    if (rule->kind == POLICY_PER_VISIT)
        return holds_all(turn, version->per_visit.holders);
    const struct policy_category_table_values *first = policy_first_table(turn, rule->group);
    term_set table = first == NULL ? 0 : first->categories;
    term_set waiting =
        policy_counted(turn->pack, turn->stay) & on_application(turn, &turn->pack->groups[rule->group]) & table;
    if (turn->pack->transition_to.n < turn->stay->discharged.n)
        waiting &= ~turn->pack->transitional;
    *ret_waiting = (turn->counted & table) == 0 && waiting != 0;
    return (turn->counted & table) != 0 || *ret_waiting;
}

term_set policy_gate(const struct policy_turn *turn, const struct policy_asked *asked)
{
    const struct policy_group *group = &turn->pack->groups[asked->rule->group];
    bool waiting = false;
    if (!is_eligible(turn, asked->rule, asked->version, &waiting))
        return term_bit(REASON_NOT_ELIGIBLE);
    if (is_barred(turn, group))
        return term_bit(REASON_UNREGISTERED_REFERRAL);
    if (group->duty != NULL && turn->gates->in_arrears)
        return term_bit(REASON_ARREARS);
    term_set reasons = waiting ? term_bit(REASON_APPLICATION_MISSING) : 0;
    if (group->claim != NULL && turn->gates->claim == CLAIM_MISSING)
        reasons |= term_bit(REASON_CLAIM_MISSING);
    if (group->claim != NULL && turn->gates->claim == CLAIM_LATE)
        reasons |= term_bit(REASON_LATE_CLAIM);
    return reasons;
}
