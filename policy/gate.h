/** What may keep a rule's group shut for a visit (rules.md G9): eligibility, referral, arrears, application, claim.
 *  Private to policy/. */
#pragma once

#include "policy/turn.h"

/** The reasons that shut the group of a rule for this visit: the first that applies, alone; a missing application and a
 *  claim stand together. Empty: open. */
term_set policy_gate(const struct policy_turn *turn, const struct policy_asked *asked);

/** The first category table of the group, of any care: it names every category, in the order that decides a tie. NULL
 *  when it has no figures on the day. The group must have a table. */
const struct policy_category_table_values *policy_first_table(const struct policy_turn *turn, int group);
