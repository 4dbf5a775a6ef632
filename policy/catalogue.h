/** Out-of-catalogue cost (kind `catalogue_ratio`): above a share of the total it is the hospital's; within the share a
 *  fund may pay a part for some categories.
 *
 *  Worked number (Pingshun art. 21): total 20,000, out of catalogue 5,000, CLASS_3: limit 15% = 3,000; the hospital
 *  bears 2,000; for RETURNED_TO_POVERTY the fund pays 85% of 3,000 = 2,550. */
#pragma once

#include "policy/turn.h"

/** Whether the rule holds for this visit at all: a category counts and the hospital's charge class is known. */
bool policy_catalogue_holds(const struct policy_turn *turn, const struct policy_catalogue_values *values);

/** Adds the hospital's line. */
void policy_catalogue_hospital_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_catalogue_values *values);

/** Adds the fund's line for `category`, nothing when the fund pays nothing for it. */
void policy_catalogue_fund_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_catalogue_values *values, int category);
