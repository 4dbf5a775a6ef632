#include "policy/settle.h"

#include "policy/bands.h"
#include "policy/catalogue.h"
#include "policy/category_table.h"
#include "policy/excess.h"
#include "policy/per_visit.h"
#include "policy/top_up.h"

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

/* Whether the rule speaks about this visit at all; its figures then. */
static const struct policy_version *version_for(const struct policy_turn *turn, const struct policy_rule *rule)
{
    if (!((rule->cares >> turn->stay->visit->care) & 1))
        return NULL;
    if (rule->in_province && !text_begins(turn->stay->visit->institution_region, turn->pack->province))
        return NULL;
    return policy_rule_on(rule, turn->stay->discharged);
}

/* The rules that speak about this visit, in the pack's order: looked up once, asked several times. */
static void find_rules(struct policy_turn *turn)
{
    for (size_t i = 0; i < turn->pack->rule_count; i++) {
        const struct policy_version *version = version_for(turn, &turn->pack->rules[i]);
        if (version != NULL)
            turn->asked[turn->asked_count++] = (struct policy_asked){ &turn->pack->rules[i], version };
    }
}

/* The kinds without which a visit gets nothing: where they are silent, a zero line says why. */
static bool is_primary(const struct policy_rule *rule, const struct policy_version *version)
{
    return rule->kind == POLICY_CATEGORY_TABLE || rule->kind == POLICY_PER_VISIT
        || (rule->kind == POLICY_CUMULATIVE_BANDS && version->bands.holders_required);
}

/* ---- What gates a group (rules.md G9) ---- */

/* The first table of the group, of any care: it names every category, in the order that decides a tie. */
static const struct policy_category_table_values *first_table(const struct policy_turn *turn, int group)
{
    size_t i = 0;
    while (turn->pack->rules[i].kind != POLICY_CATEGORY_TABLE || turn->pack->rules[i].group != group)
        i++;
    const struct policy_version *version = policy_rule_on(&turn->pack->rules[i], turn->stay->discharged);
    return version == NULL ? NULL : &version->table;
}

/* "A category of the table". */
static term_set table_categories(const struct policy_category_table_values *table)
{
    term_set set = 0;
    for (size_t row = 0; table != NULL && row < table->count; row++)
        set |= term_bit(table->rows[row].category);
    return set;
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
    term_set table = table_categories(first_table(turn, rule->group));
    term_set waiting =
        policy_counted(turn->pack, turn->stay) & on_application(turn, &turn->pack->groups[rule->group]) & table;
    if (turn->pack->transition_to.n < turn->stay->discharged.n)
        waiting &= ~turn->pack->transitional;
    *ret_waiting = (turn->counted & table) == 0 && waiting != 0;
    return (turn->counted & table) != 0 || *ret_waiting;
}

/* The reasons of one primary rule's group: the first that applies, alone; a missing application and claim stand
 * together. */
static term_set gate(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_version *version)
{
    const struct policy_group *group = &turn->pack->groups[rule->group];
    bool waiting = false;
    if (!is_eligible(turn, rule, version, &waiting))
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
    struct policy_line line = policy_line_of(rule);
    line.base = base_named(turn, rule, version);
    line.limit = LIMIT_REASON;
    line.reason = (uint8_t)first_reason(reasons);
    policy_lines_add(turn->lines, &line);
}

/* ---- The category that serves best (rules.md P19) ---- */

static bool is_by_category(const struct policy_rule *rule)
{
    return rule->kind == POLICY_CATEGORY_TABLE || rule->kind == POLICY_TOP_UP || rule->kind == POLICY_CATALOGUE_RATIO;
}

static void add_category_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_version *version, int category)
{
    if (rule->kind == POLICY_CATEGORY_TABLE)
        policy_category_table_line(turn, rule, &version->table, category);
    else if (rule->kind == POLICY_TOP_UP)
        policy_top_up_line(turn, rule, &version->top_up, category,
            policy_base_of(turn,
                &(struct policy_base){ .less_payers = (1u << PAYER_COUNT) - 1, .computed_critical_illness = true }));
    else if (policy_catalogue_holds(turn, &version->catalogue))
        policy_catalogue_fund_line(turn, rule, &version->catalogue, category);
}

/* Adds the lines of one group as they would be for `category`; their exact worth. */
static exact add_category_lines(const struct policy_turn *turn, int group, int category)
{
    size_t from = turn->lines->count;
    for (size_t i = 0; i < turn->asked_count; i++) {
        const struct policy_asked *asked = &turn->asked[i];
        if (asked->rule->group == group && is_by_category(asked->rule))
            add_category_line(turn, asked->rule, asked->version, category);
    }
    exact worth = { 0 };
    for (size_t i = from; i < turn->lines->count; i++) {
        const struct policy_line *line = &turn->lines->items[i];
        worth = exact_add(worth, exact_add(line->deferred, exact_share(line->amount, RATE_BP(RATE_WHOLE_BP))));
    }
    return worth;
}

static exact worth_of_category(const struct policy_turn *turn, int group, int category)
{
    size_t own = turn->lines->count;
    exact worth = add_category_lines(turn, group, category);
    turn->lines->count = own;
    return worth;
}

/* Pingshun art. 19: the category with the largest sum; on a tie the earlier in the table's order. Never two. */
static int best_category(const struct policy_turn *turn, int group)
{
    const struct policy_category_table_values *table = first_table(turn, group);
    exact best_worth = { -1 };
    int best = 0;
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        int category = table->rows[i].category;
        if (!term_holds(turn->counted, category))
            continue;
        if ((turn->counted & table_categories(table)) == term_bit(category))
            return category; /* the only one: nothing to compare */
        exact worth = worth_of_category(turn, group, category);
        if (worth.fen_bp > best_worth.fen_bp) {
            best_worth = worth;
            best = category;
        }
    }
    return best;
}

static void apply_best_category(const struct policy_turn *turn, int group, struct policy_outcome *outcome)
{
    int best = best_category(turn, group);
    if (best == 0)
        return;
    outcome->applied = (uint8_t)best;
    (void)add_category_lines(turn, group, best);
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
        reasons |= gate(turn, asked->rule, asked->version);
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
            apply_best_category(turn, rule->group, outcome);
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
