#include "base/day.h"

#define SHANGHAI_OFFSET_SECONDS (8 * 3600)
#define SECONDS_PER_DAY 86400

/* Counts from 1 March of year 0, so that the leap day is the last of its year and needs no case of its own. */
day day_of(int year, int month, int day_of_month)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (day){ (int32_t)(era * 146097 + day_of_era - 719468) };
}

struct day_parts day_parts(day d)
{
    int64_t z = (int64_t)d.n + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return (struct day_parts){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1),
    };
}

int day_year(day d)
{
    return day_parts(d).year;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

int day_weekday(day d)
{
    /* 1970-01-01 was a Thursday. */
    return (int)((((int64_t)d.n + 3) % 7 + 7) % 7) + 1;
}

day day_first_of_next_month(day d)
{
    struct day_parts parts = day_parts(d);
    return parts.month == 12 ? day_of(parts.year + 1, 1, 1) : day_of(parts.year, parts.month + 1, 1);
}

day day_add_years(day d, int years)
{
    struct day_parts parts = day_parts(d);
    int last = days_in_month(parts.year + years, parts.month);
    return day_of(parts.year + years, parts.month, parts.day < last ? parts.day : last);
}

static bool parse_digits(const char *text, int count, int *ret_number)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    *ret_number = number;
    return true;
}

bool day_parse(const char *text, size_t length, day *ret_day)
{
    int year, month, day_of_month;
    if (length != 10 || text[4] != '-' || text[7] != '-')
        return false;
    if (!parse_digits(text, 4, &year) || !parse_digits(text + 5, 2, &month)
        || !parse_digits(text + 8, 2, &day_of_month))
        return false;
    if (year < 1 || month < 1 || month > 12 || day_of_month < 1 || day_of_month > days_in_month(year, month))
        return false;
    *ret_day = day_of(year, month, day_of_month);
    return true;
}

/* The last `count` digits of a number, then `after`; returns where to go on. Written by hand, like money_format: every
 * output has its time in a header. */
static char *put_digits(char *to, unsigned number, int count, char after)
{
    for (int i = count - 1; i >= 0; i--, number /= 10)
        to[i] = (char)('0' + number % 10);
    to[count] = after;
    return to + count + 1;
}

static char *put_day(char *to, day d, char after)
{
    struct day_parts parts = day_parts(d);
    to = put_digits(to, (unsigned)parts.year, 4, '-');
    to = put_digits(to, (unsigned)parts.month, 2, '-');
    return put_digits(to, (unsigned)parts.day, 2, after);
}

char *day_format(day d, char *buffer)
{
    put_day(buffer, d, '\0');
    return buffer;
}

static int64_t floor_divide(int64_t dividend, int64_t divisor)
{
    return dividend / divisor - (dividend % divisor < 0);
}

day instant_day(instant t)
{
    return (day){ (int32_t)floor_divide(t.seconds + SHANGHAI_OFFSET_SECONDS, SECONDS_PER_DAY) };
}

instant day_begin(day d)
{
    return (instant){ .seconds = (int64_t)d.n * SECONDS_PER_DAY - SHANGHAI_OFFSET_SECONDS };
}

char *instant_format(instant t, char *buffer)
{
    int64_t days = floor_divide(t.seconds, SECONDS_PER_DAY);
    unsigned second = (unsigned)(t.seconds - days * SECONDS_PER_DAY), nanos = (unsigned)t.nanos;
    char *to = put_day(buffer, (day){ (int32_t)days }, 'T');
    to = put_digits(to, second / 3600, 2, ':');
    to = put_digits(to, second / 60 % 60, 2, ':');
    to = put_digits(to, second % 60, 2, nanos == 0 ? 'Z' : '.');
    if (nanos != 0 && nanos % 1000000 == 0)
        to = put_digits(to, nanos / 1000000, 3, 'Z');
    else if (nanos != 0 && nanos % 1000 == 0)
        to = put_digits(to, nanos / 1000, 6, 'Z');
    else if (nanos != 0)
        to = put_digits(to, nanos, 9, 'Z');
    *to = '\0';
    return buffer;
}
