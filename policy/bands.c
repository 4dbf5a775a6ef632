#include "policy/bands.h"

money policy_band_part(const struct policy_band *band, const struct policy_stretch *stretch)
{
    return money_minus_floor(money_min(stretch->to, band->up_to), money_max(stretch->from, band->over));
}

rate policy_band_rate(const struct policy_band *band, const struct policy_stretch *stretch)
{
    int32_t bp = band->share.bp + stretch->change.bp;
    return (rate){ bp < 0 ? 0 : bp };
}

exact policy_bands_slice(const struct policy_stretch *stretch, rate *ret_rate)
{
    exact sum = { 0 };
    int touched = 0;
    rate only = { 0 };
    for (size_t i = 0; i < stretch->bands->count; i++) {
        money part = policy_band_part(&stretch->bands->items[i], stretch);
        if (money_is_zero(part))
            continue;
        only = policy_band_rate(&stretch->bands->items[i], stretch);
        sum = exact_add(sum, exact_share(part, only));
        touched++;
    }
    *ret_rate = touched == 1 ? only : RATE_BP(0);
    return sum;
}

static bool is_preferred(const struct policy_turn *turn, const struct policy_preference *preference)
{
    return (turn->counted & preference->categories) != 0;
}

void policy_bands_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_bands_values *values)
{
    const struct policy_visit *visit = turn->stay->visit;
    if ((turn->stay->at_discharge & values->holders) != values->holders)
        return;
    if (values->only_if_unpaid && visit->has_critical_illness)
        return;
    const struct policy_tally *tally = &turn->year->tallies[rule->index];
    bool preferred = is_preferred(turn, &values->preference);
    money deductible =
        preferred ? money_share(values->deductible, values->preference.deductible_part) : values->deductible;
    money cost_left = policy_cost_left(turn);
    struct policy_line *line = policy_lines_new(turn->lines, rule);
    line->base = policy_base_of(turn, &values->base);
    money before = values->accumulate ? tally->base : MONEY_ZERO;
    money after = money_add(before, line->base);
    line->deductible = money_sub(money_min(after, deductible), money_min(before, deductible));
    line->stretch = (struct policy_stretch){ .bands = &values->bands,
        .from = money_minus_floor(before, deductible),
        .to = money_minus_floor(after, deductible),
        .change = { (preferred ? values->preference.rate_plus.bp : 0)
            - (visit->referral == REFERRAL_UNREGISTERED ? values->unregistered_less.bp : 0) } };
    line->amount = exact_round(policy_bands_slice(&line->stretch, &line->share));
    if (values->cap.limited && !(preferred && values->preference.uncapped)) {
        line->cap = values->cap.amount;
        policy_line_limit(line, money_minus_floor(values->cap.amount, tally->paid), LIMIT_YEAR);
    }
    policy_line_limit(line, cost_left, LIMIT_COST);
}
