/** What has happened to a whole region in one partition: years and months that were closed, one-off grants that were
 *  announced, and the closing that is under way. It is kept beside the persons and goes into every fold. Pure.
 *
 *  A closing visits everybody in order of the stored keys and counts for a person once it has reached that key, at
 *  latest when it is over. So what a person's fold sees depends on which records were read, never on when: a rebuild
 *  that reads the topics in another order comes to the same states. Closings of a region take place one after another,
 *  because a month's list is compared with that of the month before. */
#pragma once

#include "state/fold.h"

/** Grants of one region that a partition can know. */
#define CALENDAR_GRANT_LIMIT 64
/** Closings that can wait for the one under way. */
#define CALENDAR_JOB_LIMIT 64
/** Months from 2000 to 2063. */
#define CALENDAR_MONTH_LIMIT 768

/** One closing: a PeriodClose that has something new to say. */
struct calendar_job {
    struct text event_id;
    instant recorded_at;
    day closed_on;
    int16_t year;
    int8_t month;            /* 1..12; 0: the whole year */
    struct fold_grant grant; /* nothing per head: it closes the period; else it only announces this grant */
};

struct calendar {
    year_set closed_years;
    struct fold_grant *grants; /* in order of event id; CALENDAR_GRANT_LIMIT of room */
    size_t grant_count;
    int16_t *months; /* closed ones, year x 12 + month - 1, ascending; CALENDAR_MONTH_LIMIT of room */
    size_t month_count;
    struct calendar_job *jobs; /* the first is under way; CALENDAR_JOB_LIMIT of room */
    size_t job_count;
    struct text reached; /* the key up to which it has visited; empty: nobody yet */
};

/** Empty bytes are a calendar on which nothing stands. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status calendar_decode(struct arena *arena, struct text bytes, struct calendar *ret_calendar);
NODISCARD enum status calendar_encode(struct arena *arena, const struct calendar *calendar, struct text *ret_bytes);

/** Each says whether the calendar is another one now; a repeat changes nothing. */
bool calendar_close_year(struct calendar *calendar, int year);
bool calendar_close_month(struct calendar *calendar, int year, int month);
/** A grant with a known event id replaces it when it is greater (amount, then day): whatever the order, the same stands
 *  at the end. TOO_MANY_FACTS or OK. */
NODISCARD enum status calendar_add_grant(struct calendar *calendar, const struct fold_grant *grant, bool *ret_changed);

/** Lets a closing wait for its turn, unless what it says is known or waits already. TOO_MANY_FACTS or OK. */
NODISCARD enum status calendar_add_job(struct calendar *calendar, const struct calendar_job *job, bool *ret_changed);
/** The closing under way; NULL: none. */
const struct calendar_job *calendar_job_under_way(const struct calendar *calendar);
/** It has visited everybody: from now on it counts for everybody, and the next one is under way. */
void calendar_finish_job(struct calendar *calendar);

/** The calendar as it counts for the person stored under `key`. ARENA_FULL or OK. */
struct calendar_sight {
    year_set closed_years;
    const struct fold_grant *grants;
    size_t grant_count;
};
NODISCARD enum status calendar_seen_by(
    struct arena *arena, const struct calendar *calendar, struct text key, struct calendar_sight *ret_sight);
