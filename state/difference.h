/** What has to be emitted so that the world knows the new ledger: the difference to what was emitted before. Pure. */
#pragma once

#include "state/ledger.h"

enum difference_kind { DIFFERENCE_ORIGINAL = 1, DIFFERENCE_ADJUSTMENT, DIFFERENCE_VOID };

/** One settlement to emit. */
struct settlement_change {
    uint8_t kind;                                /* DIFFERENCE_... */
    const struct ledger_subject *after;          /* NULL when the subject is gone (VOID) */
    const struct emitted_subject *before;        /* NULL when it is new (ORIGINAL) */
    const money *deltas;                         /* what changes hands, by line of `after` */
    const struct emitted_line *const *withdrawn; /* lines of `before` that `after` does not have */
    size_t withdrawn_count;
    money delta; /* all of it together */
};

/** One warning to emit. */
struct watch_change {
    uint8_t kind; /* WATCH_CROSSED, WATCH_WITHDRAWN, WATCH_MAY_APPLY, WATCH_HOSPITAL_OVER_RATIO */
    int year;
    bool key_person;
    const struct ledger_watch *watch;     /* of the year; NULL for what is about an encounter, or no longer watched */
    const struct ledger_subject *subject; /* the encounter, with HOSPITAL_OVER_RATIO */
};

struct difference {
    struct settlement_change *settlements;
    size_t settlement_count;
    struct watch_change *watches;
    size_t watch_count;
};

/** Compares an encoded ledger with what was emitted, of which it reads the lines it needs. BAD_STATE, ARENA_FULL or
 *  OK. */
NODISCARD enum status difference_of(
    struct arena *arena, const struct ledger *after, const struct emitted *before, struct difference *ret_difference);

/** What of an emitted line had changed hands. */
money difference_paid_before(const struct emitted_subject *before, const struct emitted_line *line);
