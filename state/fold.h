/** The fold: from the set of a person's facts and a policy to the ledger. Pure: no clock, no I/O, no allocation but
 *  from the arena, no global; any order and any repetition of the same facts end in the same ledger, byte for byte. */
#pragma once

#include "state/ledger.h"

/** Years whose PeriodClose has arrived: bit n is the year 2000 + n. */
typedef uint64_t year_set;

static inline bool year_set_has(year_set set, int year)
{
    return year >= 2000 && year < 2064 && ((set >> (year - 2000)) & 1);
}

/** A one-off grant announced to everybody: who holds the category on that day receives it. */
struct fold_grant {
    struct text event_id; /* of the announcing PeriodClose */
    day on;
    money per_head;
};

struct fold_input {
    const struct policy_pack *pack;
    struct text person_id;
    const struct fact *const *facts; /* winners only, in fact_order */
    size_t count;
    year_set closed_years;
    const struct fold_grant *grants; /* in order of event id */
    size_t grant_count;
};

/** OK; ARENA_FULL; INVARIANT_BROKEN when a ledger would not add up, which must not leave the partition. */
NODISCARD enum status state_fold(const struct fold_input *input, struct arena *arena, struct ledger *ret_ledger);
