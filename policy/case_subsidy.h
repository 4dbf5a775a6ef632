/** A yearly subsidy on application (kind `case_subsidy`): a share of the year's self-pay above a deductible, up to a
 *  cap.
 *
 *  Worked number (Jingning 二（二）): self-pay of the year 62,000, 2,000 of other aid found at review, a person in
 *  hardship: (60,000 - 10,000) x 50% = 25,000; another person: (60,000 - 50,000) x 40% = 4,000. */
#pragma once

#include "policy/line.h"

/** What one encounter adds to the year's base: its self-pay, or zero where it does not count. */
money policy_case_subsidy_base(const struct policy_visit *visit, const struct policy_case_subsidy_values *values);

/** The line on a year's base (other aid already taken off). */
struct policy_line policy_case_subsidy_line(
    const struct policy_rule *rule, const struct policy_case_subsidy_values *values, money base, bool in_hardship);
