/** Topic `settlement`: one record per changed subject. */
#pragma once

#include "producers/cause.h"
#include "state/difference.h"

/** Whose settlement it is. Lent. */
struct producer_person {
    struct text region;
    struct text person_id;
    struct text name;
    const struct policy_pack *pack;
};

/** Appends the settlement of one change. ARENA_FULL or OK. */
NODISCARD enum status producer_settlement_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, const struct settlement_change *change);

/** Appends a TRIAL of the subject: as if, with no money changing hands. */
NODISCARD enum status producer_trial_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, const struct ledger_subject *subject);
