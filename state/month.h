/** What the end of a month has to say about one person: whether he stands in the list, which warning nobody answered,
 *  which claim will soon come too late (Pingshun art. 30, 31, 39). Pure. */
#pragma once

#include "state/ledger.h"
#include "state/told.h"

/** The month that is closed. */
struct month_close {
    const struct policy_pack *pack;
    int year;
    int month;     /* 1..12 */
    day closed_on; /* what is due before this day is overdue */
};

/** A person as he stands at the close. */
struct month_person {
    const struct ledger *ledger;
    const struct fact *const *facts; /* in fact_order */
    size_t fact_count;
    const struct told_list *told;
};

/** One warning to send. */
struct month_alert {
    uint8_t kind; /* WATCH_MONTHLY, WATCH_REPLY_OVERDUE or WATCH_CLAIM_DEADLINE */
    int year;
    const struct ledger_watch *watch; /* of that year; NULL with CLAIM_DEADLINE */
    struct text subject_id;           /* the encounter, or the warning without an answer */
    day reply_due_on;                 /* with REPLY_OVERDUE: the day that has passed */
    day due_on;                       /* MONTHLY: of the list; CLAIM_DEADLINE: the last day */
    bool is_new;                      /* MONTHLY: not in the list of the month before */
};

/** The day by which the list of a month is due: DAY_FIRST where the region keeps none. */
day month_list_due(const struct month_close *close);

/** Whether anything can come of the person at all, told or not: then it is worth while to look up what was told. */
bool month_concerns(const struct month_close *close, const struct ledger *ledger);

/** What is to be sent, in the order MONTHLY, REPLY_OVERDUE, CLAIM_DEADLINE. ARENA_FULL or OK. */
NODISCARD enum status month_alerts(struct arena *arena, const struct month_close *close,
    const struct month_person *person, struct month_alert **ret_alerts, size_t *ret_count);
