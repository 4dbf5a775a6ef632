#include "policy/bands.h"

static rate changed_rate(rate share, rate change)
{
    int32_t bp = share.bp + change.bp;
    return (rate){ bp < 0 ? 0 : bp };
}

/* The part of the band that lies between `before` and `after`. */
static money overlap(const struct policy_band *band, money before, money after)
{
    return money_minus_floor(money_min(after, band->up_to), money_max(before, band->over));
}

exact policy_bands_slice(const struct policy_bands *bands, money before, money after, rate change, rate *ret_rate)
{
    exact sum = { 0 };
    int touched = 0;
    rate only = { 0 };
    for (size_t i = 0; i < bands->count; i++) {
        money part = overlap(&bands->items[i], before, after);
        if (money_is_zero(part))
            continue;
        only = changed_rate(bands->items[i].share, change);
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
    rate change = { (preferred ? values->preference.rate_plus.bp : 0)
        - (visit->referral == REFERRAL_UNREGISTERED ? values->unregistered_less.bp : 0) };

    struct policy_line line = policy_line_of(rule);
    line.base = policy_base_of(turn, &values->base);
    money before = values->accumulate ? tally->base : MONEY_ZERO;
    money after = money_add(before, line.base);
    line.deductible = money_sub(money_min(after, deductible), money_min(before, deductible));
    line.amount = exact_round(policy_bands_slice(&values->bands, money_minus_floor(before, deductible),
        money_minus_floor(after, deductible), change, &line.share));
    if (values->cap.limited && !(preferred && values->preference.uncapped)) {
        line.cap = values->cap.amount;
        policy_line_limit(&line, money_minus_floor(values->cap.amount, tally->paid), LIMIT_YEAR);
    }
    policy_line_limit(&line, policy_cost_left(turn), LIMIT_COST);
    policy_lines_add(turn->lines, &line);
}
