/** Topic `period-close`: a month or a year is over, or a one-off grant is announced; one record to every partition.
 *  It is about no person, so it is no fact. */
#pragma once

#include "consumers/message.h"

/** All texts live in the arena of the decode. */
struct period_close {
    struct text event_id;
    instant recorded_at;
    struct text region;
    const struct policy_pack *pack; /* of the region; never NULL after decode */
    int16_t year;
    int8_t month;  /* 1..12; 0: the whole year */
    day closed_on; /* the day of recorded_at when left out */
    money grant;   /* per head; zero: no grant */
    day grant_on;  /* with a grant: the day whose holders receive it */
    int32_t partition;
    struct text cursor; /* bytes; empty: from the beginning */
};

/** See message_decode and message_encode in consumers/message.h. */
NODISCARD enum status consumer_period_close_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct period_close *ret_close, struct fault *fault);
NODISCARD enum status consumer_period_close_encode(
    const struct period_close *close, struct arena *arena, struct text *ret_value);
