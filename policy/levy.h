/** What a payroll gives a fund and its holders (Yangcheng 三, 五), and what of a year's income is put aside (Qingyang
 *  三（三）). Pure. */
#pragma once

#include "policy/pack.h"

/** The levy on a payroll, rounded once. */
money policy_levy_of(const struct policy_levy_values *values, money payroll);

/** What each of so many holders is granted of the levy: equal shares, down to the fen, so that no more than the part is
 *  given. 500.00 yuan of it to three: 166.66 each. Zero when there is no holder. */
money policy_levy_per_head(const struct policy_levy_values *values, money levy, int64_t holders);

/** What a year puts aside, rounded once: its share of the year's income, at most what the reserve, which holds `held`
 *  already, lacks of the bound; never below zero. */
money policy_reserve_of(const struct policy_reserve_values *values, money income, money held);
