/** The category that serves the person best (Pingshun art. 19, rules.md P19). Private to policy/. */
#pragma once

#include "policy/turn.h"

/** Adds the lines of the group's rules that go by category (tables, top-ups, what a fund pays of out-of-catalogue cost)
 *  as they are for the category with the largest sum; on a tie the earlier in the table's order, never two. That
 *  category, or 0. */
int policy_choose(const struct policy_turn *turn, int group);
