/** Civil days and instants. Pure: nothing here asks a clock. The civil date of an instant is its date in Asia/Shanghai,
 *  which has been UTC+8 without summer time since 1991 (contract.md, Conventions). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
typedef struct {
    int32_t n;
} day;

/** Seconds since 1970-01-01T00:00:00Z and nanoseconds 0..999,999,999. */
typedef struct {
    int64_t seconds;
    int32_t nanos;
} instant;

/** The first and last day that can be written as YYYY-MM-DD with years 0001 to 9999. */
#define DAY_FIRST ((day){ -719162 })
#define DAY_LAST ((day){ 2932896 })
#define INSTANT_FIRST_SECONDS INT64_C(-62135596800)
#define INSTANT_LAST_SECONDS INT64_C(253402300799)
#define DAY_TEXT_SIZE 16
#define INSTANT_TEXT_SIZE 48

struct day_parts {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

day day_of(int year, int month, int day_of_month); /* the parts must name a real day */
struct day_parts day_parts(day d);
int day_year(day d);
int days_in_month(int year, int month);
int day_weekday(day d); /* 1 Monday .. 7 Sunday */
day day_first_of_next_month(day d);
/** The same date `years` later (negative: earlier); 29 February becomes the 28th where there is none. */
day day_add_years(day d, int years);

/** Exactly YYYY-MM-DD of a real day, years 0001 to 9999; `length` bytes. */
bool day_parse(const char *text, size_t length, day *ret_day);
char *day_format(day d, char *buffer); /* DAY_TEXT_SIZE bytes; returns buffer */

/** The civil date in Asia/Shanghai. */
day instant_day(instant t);
/** The instant at which `d` begins in Asia/Shanghai. */
instant day_begin(day d);
char *instant_format(instant t, char *buffer); /* RFC 3339 in UTC, as proto3 JSON writes it; INSTANT_TEXT_SIZE bytes */

static inline int day_cmp(day a, day b)
{
    return (a.n > b.n) - (a.n < b.n);
}

static inline day day_add(day d, int days)
{
    return (day){ d.n + days };
}

static inline int instant_cmp(instant a, instant b)
{
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanos > b.nanos) - (a.nanos < b.nanos);
}
