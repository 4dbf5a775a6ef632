/** Deductible and rate per visit by hospital level, under a yearly cap (kind `per_visit`).
 *
 *  Worked number (Shangluo art. 12 and 13): level 2, in-policy 260: (260 - 60) x 65% = 130; retired (5 points more):
 *  140. */
#pragma once

#include "policy/turn.h"

void policy_per_visit_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_per_visit_values *values);
