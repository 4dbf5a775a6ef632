/** What has happened to a whole region in one partition: years that were closed, one-off grants that were announced. It
 *  is kept beside the persons and goes into every fold. Pure. */
#pragma once

#include "state/fold.h"

/** Grants of one region that a partition can know. */
#define CALENDAR_GRANT_LIMIT 64

struct calendar {
    year_set closed_years;
    struct fold_grant *grants; /* in order of event id; CALENDAR_GRANT_LIMIT of room */
    size_t grant_count;
};

/** Empty bytes are a calendar on which nothing stands. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status calendar_decode(struct arena *arena, struct text bytes, struct calendar *ret_calendar);
NODISCARD enum status calendar_encode(struct arena *arena, const struct calendar *calendar, struct text *ret_bytes);

/** Each says whether the calendar is another one now; a repeat changes nothing. */
bool calendar_close_year(struct calendar *calendar, int year);
/** A grant with a known event id replaces it when it is greater (amount, then day): whatever the order, the same stands
 *  at the end. TOO_MANY_FACTS or OK. */
NODISCARD enum status calendar_add_grant(struct calendar *calendar, const struct fold_grant *grant, bool *ret_changed);
