#include "policy/settle.h"

#include "policy/bands.h"
#include "policy/catalogue.h"
#include "policy/category_table.h"
#include "policy/choose.h"
#include "policy/excess.h"
#include "policy/gate.h"
#include "policy/per_visit.h"

#include <string.h>

/* Pingshun art. 35: recognised during the stay, as at discharge; left during the stay, as at admission. Together:
 * either day. */
term_set policy_counted(const struct policy_pack *pack, const struct policy_stay *stay)
{
    switch (pack->identity_rule) {
    case IDENTITY_AT_DISCHARGE:
        return stay->at_discharge;
    case IDENTITY_AT_ADMISSION:
        return stay->at_admission;
    case IDENTITY_STAY_UNION:
        break;
    }
    return stay->at_admission | stay->at_discharge;
}

/* rules.md G10. */
static uint8_t half_of(const struct policy_stay *stay, int category)
{
    bool before = term_holds(stay->at_admission, category), after = term_holds(stay->at_discharge, category);
    return before == after ? HALF_SAME : after ? HALF_AT_DISCHARGE : HALF_AT_ADMISSION;
}

/* The rules that speak about this visit, in the pack's order, with their figures: looked up once, asked several
 * times. */
static void find_rules(struct policy_turn *turn)
{
    const struct policy_visit *visit = turn->stay->visit;
    bool in_province = text_begins(visit->institution_region, turn->pack->province);
    for (size_t i = 0; i < turn->pack->rule_count; i++) {
        const struct policy_rule *rule = &turn->pack->rules[i];
        if (!((rule->cares >> visit->care) & 1) || (rule->in_province && !in_province))
            continue;
        const struct policy_version *version = policy_rule_on(rule, turn->stay->discharged);
        if (version != NULL)
            turn->asked[turn->asked_count++] = (struct policy_asked){ rule, version };
    }
}

/* The kinds without which a visit gets nothing: where they are silent, a zero line says why. */
static bool is_primary(const struct policy_rule *rule, const struct policy_version *version)
{
    return rule->kind == POLICY_CATEGORY_TABLE || rule->kind == POLICY_PER_VISIT
        || (rule->kind == POLICY_CUMULATIVE_BANDS && version->bands.holders_required);
}

static uint8_t outcome_of(term_set reasons)
{
    if (term_holds(reasons, REASON_LATE_CLAIM))
        return OUTCOME_LAPSED;
    term_set pending = term_bit(REASON_ADMISSION_MISSING) | term_bit(REASON_APPLICATION_MISSING)
        | term_bit(REASON_CLAIM_MISSING) | term_bit(REASON_INCOME_FIGURE_MISSING);
    return (reasons & pending) != 0 ? OUTCOME_PENDING : OUTCOME_FINAL;
}

static int first_reason(term_set reasons)
{
    return __builtin_ctz(reasons);
}

static money base_named(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_version *version)
{
    if (rule->kind == POLICY_PER_VISIT)
        return turn->stay->visit->in_policy;
    return policy_base_of(turn, rule->kind == POLICY_CATEGORY_TABLE ? &version->table.base : &version->bands.base);
}

static void add_zero_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_version *version, term_set reasons)
{
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->base = base_named(turn, rule, version);
    line->limit = LIMIT_REASON;
    line->reason = (uint8_t)first_reason(reasons);
}

/* ---- The excess rule and the hospital's part ---- */

static void add_excess_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_excess_values *values, bool is_year_end_visit, struct policy_year *year)
{
    money base = policy_base_of(turn, &values->base);
    if (!policy_excess_holds(turn, values))
        return;
    if (is_year_end_visit) {
        year->year_end_excess_base = money_add(year->year_end_excess_base, base);
        return;
    }
    for (size_t i = 0; i < values->minus_count; i++)
        base = money_minus_floor(base, policy_lines_of(turn->lines, values->minus_rules[i]));
    policy_excess_line(turn, rule, values, base, turn->stay->discharged);
}

/* ---- What a settled visit leaves in the year ---- */

/* The caps, looked at once more from outside of the rules that keep them: with a broken one nothing may leave. */
static bool caps_hold(const struct policy_lines *lines, const struct policy_year *year)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct policy_line *line = &lines->items[i];
        bool shared = line->rule->kind == POLICY_CATEGORY_TABLE;
        money before = shared ? year->shared_used[line->rule->group] : year->tallies[line->rule->index].paid;
        if (!money_is_zero(line->cap) && !money_is_zero(line->amount)
            && money_cmp(money_add(before, line->amount), line->cap) > 0)
            return false;
    }
    return true;
}

static void remember(const struct policy_lines *lines, struct policy_year *year)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct policy_line *line = &lines->items[i];
        struct policy_tally *tally = &year->tallies[line->rule->index];
        if (line->limit == LIMIT_REASON || line->fund == FUND_HOSPITAL)
            continue;
        tally->base = money_add(tally->base, line->base);
        tally->absorbed = money_add(tally->absorbed, line->deductible);
        tally->paid = money_add(tally->paid, line->amount);
        if (line->rule->kind == POLICY_CATEGORY_TABLE || line->rule->kind == POLICY_TOP_UP)
            year->shared_used[line->rule->group] = money_add(year->shared_used[line->rule->group], line->amount);
        if (line->limit == LIMIT_LATER) {
            year->year_end_base = money_add(year->year_end_base, line->base);
            year->year_end_share = exact_add(year->year_end_share, line->deferred);
            year->year_end_categories |= term_bit(line->category);
        }
    }
}

/* ---- One visit ---- */

/* Those of the counted categories that stand on that day and need no application, or have it approved. */
static term_set standing(
    const struct policy_pack *pack, const struct policy_stay *stay, const struct policy_gates *gates)
{
    term_set counted = policy_counted(pack, stay);
    if (pack->transition_to.n < stay->discharged.n)
        counted &= ~pack->transitional;
    for (size_t i = 0; i < pack->group_count && !gates->application_approved; i++) {
        const struct policy_rule *rule = pack->groups[i].application;
        const struct policy_version *version = rule == NULL ? NULL : policy_rule_on(rule, stay->discharged);
        if (version != NULL)
            counted &= ~version->application.categories;
    }
    return counted;
}

/* rules.md G7 and G8: what ends the matter before any rule is asked. */
static term_set excluded(const struct policy_pack *pack, const struct policy_stay *stay)
{
    if (day_cmp(stay->discharged, pack->in_force.from) < 0)
        return term_bit(REASON_BEFORE_POLICY);
    if (day_cmp(stay->discharged, pack->in_force.to) > 0)
        return term_bit(REASON_AFTER_POLICY);
    if (stay->visit->care == CARE_ACCOUNT_PURCHASE)
        return 0;
    return (stay->visit->exclusion != EXCLUSION_NONE ? term_bit(REASON_EXCLUDED_COST) : 0)
        | (!stay->visit->designated ? term_bit(REASON_NOT_DESIGNATED) : 0);
}

/* The gate of the visit's primary rules; each region has one group of them for a kind of care. */
static term_set gates_of(const struct policy_turn *turn, const struct policy_rule **ret_primary, bool *ret_year_end)
{
    term_set reasons = 0;
    for (size_t i = 0; i < turn->asked_count; i++) {
        const struct policy_asked *asked = &turn->asked[i];
        if (!is_primary(asked->rule, asked->version))
            continue;
        *ret_primary = asked->rule;
        if (asked->rule->kind == POLICY_CATEGORY_TABLE
            && policy_is_year_end_visit(turn->stay->visit, &asked->version->table))
            *ret_year_end = true;
        reasons |= policy_gate(turn, asked);
    }
    return reasons;
}

static void add_lines_of(
    struct policy_turn *turn, const struct policy_rule *rule, const struct policy_version *version, term_set reasons)
{
    bool shut = reasons != 0 && is_primary(rule, version);
    if (shut)
        add_zero_line(turn, rule, version, reasons);
    else if (rule->kind == POLICY_CUMULATIVE_BANDS)
        policy_bands_line(turn, rule, &version->bands);
    else if (rule->kind == POLICY_PER_VISIT)
        policy_per_visit_line(turn, rule, &version->per_visit);
    else if (rule->kind == POLICY_CATALOGUE_RATIO && policy_catalogue_holds(turn, &version->catalogue))
        policy_catalogue_hospital_line(turn, rule, &version->catalogue);
}

static void settle_by_rules(struct policy_turn *turn, struct policy_year *year, struct policy_outcome *outcome)
{
    const struct policy_rule *primary = NULL;
    bool is_year_end_visit = false;
    outcome->reasons = gates_of(turn, &primary, &is_year_end_visit);
    /* In the pack's order; the lines by category come in one piece, where the first category table stands. */
    bool chosen = false;
    for (size_t i = 0; i < turn->asked_count; i++) {
        const struct policy_rule *rule = turn->asked[i].rule;
        const struct policy_version *version = turn->asked[i].version;
        if (rule->kind == POLICY_CATEGORY_TABLE && outcome->reasons == 0 && !chosen) {
            outcome->applied = (uint8_t)policy_choose(turn, rule->group);
            chosen = true;
        } else if (rule->kind == POLICY_EXCESS_RATIO) {
            if (outcome->reasons == 0 && primary != NULL)
                add_excess_line(turn, rule, &version->excess, is_year_end_visit, year);
        } else {
            add_lines_of(turn, rule, version, outcome->reasons);
        }
    }
    year->year_end_visits |= is_year_end_visit;
    for (size_t i = 0; i < turn->lines->count; i++)
        if (turn->lines->items[i].reason == REASON_INCOME_FIGURE_MISSING)
            outcome->reasons |= term_bit(REASON_INCOME_FIGURE_MISSING);
}

static bool is_outside_policy(term_set reasons)
{
    return term_holds(reasons, REASON_BEFORE_POLICY) || term_holds(reasons, REASON_AFTER_POLICY);
}

/* rules.md G7: every benefit line is zero; a visit that waits for the year's end is still one. */
static void settle_as_excluded(struct policy_turn *turn, struct policy_year *year, term_set reasons)
{
    for (size_t i = 0; i < turn->asked_count; i++) {
        const struct policy_rule *rule = turn->asked[i].rule;
        const struct policy_version *version = turn->asked[i].version;
        if (!is_primary(rule, version))
            continue;
        add_zero_line(turn, rule, version, reasons);
        if (rule->kind == POLICY_CATEGORY_TABLE && policy_is_year_end_visit(turn->stay->visit, &version->table))
            year->year_end_visits = true;
    }
}

/* The holder's category of a rule that names holders, where it was not shut. */
static term_set holders_of(const struct policy_asked *asked)
{
    if (asked->rule->kind == POLICY_CUMULATIVE_BANDS)
        return asked->version->bands.holders_required ? asked->version->bands.holders : 0;
    return asked->rule->kind == POLICY_PER_VISIT ? asked->version->per_visit.holders : 0;
}

static bool is_shut(const struct policy_turn *turn, const struct policy_rule *rule)
{
    for (size_t i = 0; i < turn->lines->count; i++)
        if (turn->lines->items[i].rule == rule && turn->lines->items[i].limit != LIMIT_REASON)
            return false;
    return true;
}

static uint8_t holder_applied(const struct policy_turn *turn)
{
    for (size_t i = 0; i < turn->asked_count; i++) {
        term_set holders = holders_of(&turn->asked[i]);
        if (holders != 0 && !is_shut(turn, turn->asked[i].rule))
            return (uint8_t)__builtin_ctz(holders);
    }
    return 0;
}

void policy_settle(const struct policy_pack *pack, const struct policy_stay *stay, const struct policy_gates *gates,
    struct policy_year *year, struct policy_outcome *ret_outcome)
{
    ret_outcome->lines.count = 0;
    ret_outcome->applied = 0;
    ret_outcome->half = HALF_SAME;
    struct policy_asked asked[POLICY_RULE_LIMIT];
    struct policy_turn turn = { .pack = pack,
        .asked = asked,
        .stay = stay,
        .gates = gates,
        .year = year,
        .counted = standing(pack, stay, gates),
        .lines = &ret_outcome->lines };
    ret_outcome->reasons = excluded(pack, stay);
    find_rules(&turn);
    if (ret_outcome->reasons == 0)
        settle_by_rules(&turn, year, ret_outcome);
    else if (!is_outside_policy(ret_outcome->reasons))
        settle_as_excluded(&turn, year, ret_outcome->reasons);
    if (ret_outcome->applied == 0)
        ret_outcome->applied = holder_applied(&turn);
    if (ret_outcome->applied != 0)
        ret_outcome->half = half_of(stay, ret_outcome->applied);
    ret_outcome->outcome = outcome_of(ret_outcome->reasons);
    ret_outcome->caps_hold = caps_hold(&ret_outcome->lines, year);
    remember(&ret_outcome->lines, year);
}

void policy_settle_without_admission(struct policy_outcome *ret_outcome)
{
    ret_outcome->lines.count = 0;
    ret_outcome->applied = 0;
    ret_outcome->half = HALF_SAME;
    ret_outcome->reasons = term_bit(REASON_ADMISSION_MISSING);
    ret_outcome->outcome = OUTCOME_PENDING;
    ret_outcome->caps_hold = true;
}
