/** Topic `warning`: what a department must know or do. */
#pragma once

#include "producers/settlement.h"

/** What about, and since when. */
struct producer_alert {
    const struct watch_change *change;
    day on; /* the civil day of the cause: answers are due from here */
};

/** Appends one warning. ARENA_FULL or OK. */
NODISCARD enum status producer_warning_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, const struct producer_alert *alert);
