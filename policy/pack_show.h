/** A rule as an office reads it: its article's text, its readings, and every figure with the key, the days and the
 *  source it has in the pack. Printed from the very tables that read packs, so that no figure can be forgotten. Shell
 *  code. */
#pragma once

#include "policy/pack.h"

#include <stdio.h>

void policy_pack_show(const struct policy_pack *pack, const struct policy_rule *rule, FILE *stream);
