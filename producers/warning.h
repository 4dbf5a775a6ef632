/** Topic `warning`: what a department must know or do. */
#pragma once

#include "producers/settlement.h"

/** What it says. A day of 1970-01-01 is left out. */
struct producer_alert {
    uint8_t kind; /* WATCH_... */
    int year;
    bool key_person;
    const struct ledger_watch *watch; /* burden and threshold; NULL: neither */
    struct text subject_id;
    term_set departments;
    struct {
        int year, month; /* month 0: none */
    } period;            /* whose close says it */
    day due_on;
    day reply_due_on;
    bool is_new;            /* MONTHLY */
    int64_t count;          /* LIST_END */
    struct text key;        /* of the record; empty: the person */
    struct text warning_id; /* filled by emit: what an answer names */
};

/** The warning of a difference; `on` is the civil day of its cause: answers are due from here (Pingshun art. 31). */
struct producer_alert producer_alert_of(const struct policy_pack *pack, const struct watch_change *change, day on);

/** Appends one warning; LIST_END has no person (empty id), and a key instead. ARENA_FULL or OK. */
NODISCARD enum status producer_warning_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, struct producer_alert *alert);
