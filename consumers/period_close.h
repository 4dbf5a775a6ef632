/** Topic `period-close`: a month or a year is over, or a one-off grant is announced; one record to every partition.
 *  It is about no person, so it is no fact.
 *
 *  The person stage writes records to it, too: the batches of a closing, and what departments were told, so that both
 *  are part of the log and a rebuild comes to the same memory. Other readers of the topic pass over whatever
 *  `consumer_period_close_is_internal`. */
#pragma once

#include "consumers/message.h"
#include "state/told.h"

/** A warning to be remembered, and whose. */
struct period_told {
    struct text person_id;
    struct told told;
};

/** All texts live in the arena of the decode. */
struct period_close {
    struct text event_id;
    instant recorded_at;
    struct text region;
    const struct policy_pack *pack; /* of the region; never NULL after decode */
    int16_t year;                   /* 0: a grant is announced, and nothing closed */
    int8_t month;                   /* 1..12; 0: the whole year */
    day closed_on;                  /* the day of recorded_at when left out */
    money grant;                    /* per head; zero: no grant */
    day grant_on;                   /* with a grant: the day whose holders receive it */
    int32_t partition;
    struct text cursor;             /* internal, bytes: this batch visits whoever stands behind it ... */
    struct text until;              /* ... up to here; empty: not a batch */
    int64_t listed;                 /* internal: how many are in the month's list so far */
    bool ended;                     /* internal: everybody in the partition was visited */
    const struct period_told *told; /* internal */
    size_t told_count;
};

/** Whether it is a record of the person stage to itself: neither a close nor a grant. */
bool consumer_period_close_is_internal(const struct period_close *close);

/** See message_decode and message_encode in consumers/message.h. */
NODISCARD enum status consumer_period_close_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct period_close *ret_close, struct fault *fault);
NODISCARD enum status consumer_period_close_encode(
    const struct period_close *close, struct arena *arena, struct text *ret_value);
