/** From one visit to its lines: which rules apply, what gates them, which category serves the person best (rules.md G7
 *  to G12, P17 to P19). Pure; nothing is allocated; the year's running totals go in and come out. */
#pragma once

#include "policy/line.h"

/** A visit with the person's categories around it. */
struct policy_stay {
    const struct policy_visit *visit;
    day admitted; /* equals `discharged` for what is not an inpatient stay */
    day discharged;
    term_set at_admission; /* categories held on the day of admission */
    term_set at_discharge;
};

/** Whether a manual claim is needed and stands (Pingshun art. 39). */
enum policy_claim { CLAIM_NOT_NEEDED, CLAIM_MISSING, CLAIM_IN_TIME, CLAIM_LATE };

/** What the person's other facts say about this visit. */
struct policy_gates {
    uint8_t claim;             /* CLAIM_... */
    bool application_approved; /* the year's case of the group's scheme is approved */
    bool in_arrears;           /* on the discharge day */
    int paid_months;           /* that the per-visit cap grows with; -1: the whole cap */
};

/** One rule's running totals of a year. */
struct policy_tally {
    money base;     /* the running base */
    money absorbed; /* of the yearly deductible */
    money paid;
};

/** A person's year so far; zero at its start. */
struct policy_year {
    struct policy_tally tallies[POLICY_RULE_LIMIT];
    money shared_used[POLICY_GROUP_LIMIT]; /* of the group's shared cap */
    /* What waits for the year's end (Pingshun art. 15, classes 2 and 3): */
    bool year_end_visits;
    money year_end_base;
    exact year_end_share;
    term_set year_end_categories;
    money year_end_excess_base; /* the part of their S that qualifies for the excess rule */
};

/** The result. `outcome` and `reasons` follow rules.md G9. */
struct policy_outcome {
    struct policy_lines lines;
    term_set reasons; /* bit n: REASON_ n */
    uint8_t outcome;  /* OUTCOME_... */
    uint8_t applied;  /* CATEGORY_... that was applied, 0: none */
    uint8_t half;     /* HALF_... */
    bool caps_hold;   /* an invariant: no line went beyond what its cap left */
};

/** The categories that count for a stay: held at admission or at discharge, by the pack's identity rule (Pingshun art.
 *  35). */
term_set policy_counted(const struct policy_pack *pack, const struct policy_stay *stay);

/** Settles one visit after all earlier ones of the year. */
void policy_settle(const struct policy_pack *pack, const struct policy_stay *stay, const struct policy_gates *gates,
    struct policy_year *year, struct policy_outcome *ret_outcome);

/** A visit without its admission: PENDING, no lines, nothing used up. */
void policy_settle_without_admission(struct policy_outcome *ret_outcome);

/** The year's end: the lines of the classes that are paid once, and what they add to the excess rule. */
void policy_settle_year_end(
    const struct policy_pack *pack, int year_number, struct policy_year *year, struct policy_lines *ret_lines);
