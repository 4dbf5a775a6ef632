/** A share of what remains above a part of income (kind `excess_ratio`), on a running total with a yearly cap of its
 *  own.
 *
 *  Worked number (Pingshun art. 20): income 29,178: threshold 14,589. What remained before 14,000, after 16,000: the
 *  part above is 1,411; 70% of it is 987.70. */
#pragma once

#include "policy/turn.h"

/** Whether a visit's remainder runs into the rule's total: its referral does. */
bool policy_excess_holds(const struct policy_turn *turn, const struct policy_excess_values *values);

/** Adds the line for a remainder `base` on top of the running total, with the income figure of `on`. */
void policy_excess_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_excess_values *values, money base, day on);
