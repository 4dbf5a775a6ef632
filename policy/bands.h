/** Bands on a running base (kind `cumulative_bands`): how much of one visit falls into each band, and what that pays.
 *
 *  Worked number (Yangcheng): running base 800 yuan before, 3,800 after; bands to 1,000: 0, to 5,000: 70%. Of the visit
 *  200 lie in the first band and 2,800 in the second: 1,960 yuan. With a deductible, bands begin above it: base 12,000
 *  after a deductible of 10,000 is 2,000 into the first band. */
#pragma once

#include "policy/turn.h"

/** The exact payment on a stretch of the running base, and the one rate when a single band was touched (else 0). A rate
 *  never falls below zero. Pure. */
exact policy_bands_slice(const struct policy_stretch *stretch, rate *ret_rate);

/** The part of a stretch that lies in one band, and the rate it pays. */
money policy_band_part(const struct policy_band *band, const struct policy_stretch *stretch);
rate policy_band_rate(const struct policy_band *band, const struct policy_stretch *stretch);

/** Adds the rule's line for this visit, or nothing where the rule is silent. */
void policy_bands_line(
    const struct policy_turn *turn, const struct policy_rule *rule, const struct policy_bands_values *values);
