/** From facts to encounters: the winning admission and discharge of each, in the order in which money is taken
 *  (rules.md G2). Pure. */
#pragma once

#include "policy/settle.h"
#include "state/holding.h"

struct encounter {
    const struct fact *discharge; /* the series' winner, not voided */
    bool admission_missing;       /* an inpatient stay without any admission instant */
    day admitted;                 /* equals `discharged` for what is not a stay */
    day discharged;
};

struct encounters {
    struct encounter *items;
    size_t count;
};

/** Builds the encounters from facts in fact_order, sorted by (discharge instant, encounter id bytewise). ARENA_FULL or
 *  OK. */
NODISCARD enum status encounters_of(
    struct arena *arena, const struct fact *const *facts, size_t count, struct encounters *ret_encounters);

/** How the policy sees one of them. */
struct policy_stay encounter_stay(const struct encounter *encounter, const struct holdings *holdings);
