/** A top-up to a ratio of the in-policy cost (kind `top_up`).
 *
 *  Worked number (Pingshun art. 14.3): in-policy 10,000, S 4,000, assistance line 2,800: 90% is 9,000; others have paid
 *  6,000, so the top-up is 9,000 - 6,000 - 2,800 = 200. */
#pragma once

#include "policy/turn.h"

/** Adds the line for `category`; nothing when it is not one that is topped up. `self_pay` is S. */
void policy_top_up_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_top_up_values *values, int category, money self_pay);
