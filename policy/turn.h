/** What the rule kinds share while one visit is settled. Private to policy/. */
#pragma once

#include "policy/settle.h"

/** A rule that speaks about the visit, and its figures on the day. */
struct policy_asked {
    const struct policy_rule *rule;
    const struct policy_version *version;
};

struct policy_turn {
    const struct policy_pack *pack;
    const struct policy_stay *stay;
    const struct policy_gates *gates;
    const struct policy_year *year; /* as it was before this visit */
    term_set counted;               /* what is left of the counted categories after transition and application */
    struct policy_lines *lines;     /* of this visit, so far */
    struct policy_asked *asked;     /* room for POLICY_RULE_LIMIT */
    size_t asked_count;
};

/** In-policy cost less what `base` names, never below zero. Where the pack computed a critical-illness line, it stands
 *  in for the payment that was not given (rules.md G4). */
money policy_base_of(const struct policy_turn *turn, const struct policy_base *base);

/** What is left of the in-policy cost after the given payments and the lines so far: no line pays more (rules.md
 *  G12). */
money policy_cost_left(const struct policy_turn *turn);

/** The group's shared yearly limit for a category on the day; unlimited where there is none. */
struct policy_cap policy_shared_cap(const struct policy_turn *turn, const struct policy_rule *rule, int category);
