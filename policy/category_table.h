/** Rate and yearly deductible by category (kind `category_table`), under the group's shared yearly limit.
 *
 *  Worked number (Pingshun art. 14): AT_RISK_OF_POVERTY with income 29,178: deductible 2,917.80. Stays of S = 2,000 and
 *  5,000: the first is absorbed whole; the second absorbs 917.80 and pays 70% x 4,082.20 = 2,857.54. */
#pragma once

#include "policy/turn.h"

/** Adds the rule's line as it would be for `category`; nothing when the table does not have it. */
void policy_category_table_line(const struct policy_turn *turn, const struct policy_rule *rule,
    const struct policy_category_table_values *values, int category);

/** The row of a category, or NULL. */
const struct policy_category_row *policy_category_row(const struct policy_category_table_values *values, int category);

/** Whether this visit waits for the year's end under the table. */
bool policy_is_year_end_visit(const struct policy_visit *visit, const struct policy_category_table_values *values);
