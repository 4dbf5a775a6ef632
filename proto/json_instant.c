#include "proto/json_field.h"

static bool skip(struct text *rest, char expected)
{
    if (rest->length == 0 || rest->at[0] != expected)
        return false;
    *rest = (struct text){ rest->at + 1, rest->length - 1 };
    return true;
}

/* Exactly two digits of a number up to `most`. */
static bool two_digits(struct text *rest, int most, int *ret_number)
{
    if (rest->length < 2 || rest->at[0] < '0' || rest->at[0] > '9' || rest->at[1] < '0' || rest->at[1] > '9')
        return false;
    int number = (rest->at[0] - '0') * 10 + (rest->at[1] - '0');
    if (number > most)
        return false;
    *rest = (struct text){ rest->at + 2, rest->length - 2 };
    *ret_number = number;
    return true;
}

/* Leap seconds have no place in a Timestamp: 60 is refused. */
static bool clock_read(struct text *rest, int *ret_second)
{
    int hour, minute, second;
    if (!two_digits(rest, 23, &hour) || !skip(rest, ':') || !two_digits(rest, 59, &minute) || !skip(rest, ':')
        || !two_digits(rest, 59, &second))
        return false;
    *ret_second = (hour * 60 + minute) * 60 + second;
    return true;
}

/* One to nine decimals after a point, or nothing. */
static bool fraction_read(struct text *rest, int32_t *ret_nanos)
{
    int32_t nanos = 0, unit = 1000000000;
    if (skip(rest, '.')) {
        while (unit > 1 && rest->length > 0 && rest->at[0] >= '0' && rest->at[0] <= '9') {
            unit /= 10;
            nanos += (rest->at[0] - '0') * unit;
            skip(rest, rest->at[0]);
        }
        if (unit == 1000000000)
            return false;
    }
    *ret_nanos = nanos;
    return true;
}

static bool zone_read(struct text *rest, int *ret_offset_seconds)
{
    if (skip(rest, 'Z')) {
        *ret_offset_seconds = 0;
        return true;
    }
    int sign = skip(rest, '+') ? 1 : skip(rest, '-') ? -1 : 0;
    int hours, minutes;
    if (sign == 0 || !two_digits(rest, 23, &hours) || !skip(rest, ':') || !two_digits(rest, 59, &minutes))
        return false;
    *ret_offset_seconds = sign * (hours * 60 + minutes) * 60;
    return true;
}

bool json_instant_parse(struct text text, instant *ret_instant)
{
    enum { DATE_LENGTH = 10, SECONDS_PER_DAY = 86400 };
    day date;
    if (text.length < DATE_LENGTH || !day_parse(text.at, DATE_LENGTH, &date))
        return false;
    struct text rest = { text.at + DATE_LENGTH, text.length - DATE_LENGTH };
    int second, offset_seconds;
    int32_t nanos;
    if (!skip(&rest, 'T') || !clock_read(&rest, &second) || !fraction_read(&rest, &nanos)
        || !zone_read(&rest, &offset_seconds) || rest.length != 0)
        return false;
    int64_t seconds = (int64_t)date.n * SECONDS_PER_DAY + second - offset_seconds;
    if (seconds < INSTANT_FIRST_SECONDS || seconds > INSTANT_LAST_SECONDS)
        return false;
    *ret_instant = (instant){ .seconds = seconds, .nanos = nanos };
    return true;
}
