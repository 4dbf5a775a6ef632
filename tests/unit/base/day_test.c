#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void refuses(const char *text)
{
    day d = { -77 };
    if (day_parse(text, strlen(text), &d))
        fail_msg("\"%s\" was taken", text);
    assert_int_equal(d.n, -77);
}

static void parses(const char *text, int32_t n)
{
    day d = { -77 };
    char buffer[DAY_TEXT_SIZE];
    if (!day_parse(text, strlen(text), &d) || d.n != n)
        fail_msg("\"%s\": day %d, not %d", text, d.n, n);
    assert_ptr_equal(day_format(d, buffer), buffer);
    assert_string_equal(buffer, text);
}

static void a_day_is_read_and_written(void **state)
{
    (void)state;
    refuses("");
    refuses("2023-1-07");
    refuses("2023-01-7");
    refuses("2023-01-071");
    refuses("2023/01/07");
    refuses("20230107");
    refuses("2023-01-07T");
    refuses(" 023-01-07");
    refuses("-023-01-07");
    refuses("2023-0a-07");
    refuses("0000-01-01");
    refuses("2023-00-10");
    refuses("2023-13-10");
    refuses("2023-01-00");
    refuses("2023-01-32");
    refuses("2023-04-31");
    refuses("2023-02-29");
    refuses("1900-02-29");
    refuses("2100-02-29");

    parses("0001-01-01", DAY_FIRST.n);
    parses("9999-12-31", DAY_LAST.n);
    parses("1969-12-31", -1);
    parses("1970-01-01", 0);
    parses("2000-02-29", 11016);
    parses("2023-01-07", 19364);
    parses("2023-12-31", 19722);
    parses("2024-01-01", 19723);
    parses("2024-02-29", 19782);
    parses("2024-03-01", 19783);
}

static void a_day_is_not_read_past_its_length(void **state)
{
    (void)state;
    day d = { -77 };
    assert_true(day_parse("2023-01-07T08:00:00Z", 10, &d));
    assert_int_equal(d.n, 19364);
    assert_false(day_parse("2023-01-07", 9, &d));
}

/* The calendar as a child counts it: one day after the other, and each year's February asked for by the old rhyme. */
struct walk {
    int year, month, day, weekday;
};

static int walk_month_length(const struct walk *at)
{
    switch (at->month) {
    case 4:
    case 6:
    case 9:
    case 11:
        return 30;
    case 2:
        return at->year % 400 == 0 ? 29 : at->year % 100 == 0 ? 28 : at->year % 4 == 0 ? 29 : 28;
    default:
        return 31;
    }
}

static void walk_on(struct walk *at)
{
    at->weekday = at->weekday % 7 + 1;
    if (at->day++ < walk_month_length(at))
        return;
    at->day = 1;
    if (at->month++ < 12)
        return;
    at->month = 1;
    at->year++;
}

static void day_agrees(day d, const struct walk *at)
{
    struct day_parts parts = day_parts(d);
    if (parts.year != at->year || parts.month != at->month || parts.day != at->day)
        fail_msg(
            "day %d: %d-%d-%d, not %d-%d-%d", d.n, parts.year, parts.month, parts.day, at->year, at->month, at->day);
    assert_int_equal(day_of(at->year, at->month, at->day).n, d.n);
    assert_int_equal(day_year(d), at->year);
    assert_int_equal(day_weekday(d), at->weekday);
    assert_int_equal(days_in_month(at->year, at->month), walk_month_length(at));
}

static void every_day_of_nine_thousand_years(void **state)
{
    (void)state;
    struct walk at = { .year = 1, .month = 1, .day = 1, .weekday = 1 }; /* 0001-01-01 was a Monday */
    for (day d = DAY_FIRST; d.n <= DAY_LAST.n; d.n++, walk_on(&at))
        day_agrees(d, &at);
    assert_int_equal(at.year, 10000);
}

static void next_month_is(const char *text, const char *expected)
{
    day d, first;
    assert_true(day_parse(text, 10, &d) && day_parse(expected, 10, &first));
    if (day_first_of_next_month(d).n != first.n)
        fail_msg("the month after %s does not begin on %s", text, expected);
}

static void months_follow(void **state)
{
    (void)state;
    next_month_is("2023-01-01", "2023-02-01");
    next_month_is("2023-01-31", "2023-02-01");
    next_month_is("2024-02-29", "2024-03-01");
    next_month_is("2023-11-30", "2023-12-01");
    next_month_is("2023-12-31", "2024-01-01");
}

static void years_later_is(const char *text, int years, const char *expected)
{
    char buffer[DAY_TEXT_SIZE];
    day d;
    assert_true(day_parse(text, 10, &d));
    assert_string_equal(day_format(day_add_years(d, years), buffer), expected);
}

static void years_are_added(void **state)
{
    (void)state;
    years_later_is("2024-02-29", 1, "2025-02-28");
    years_later_is("2024-02-29", -3, "2021-02-28");
    years_later_is("2024-02-29", 4, "2028-02-29");
    years_later_is("2000-02-29", 100, "2100-02-28");
    years_later_is("2023-02-28", 1, "2024-02-28");
    years_later_is("2023-12-31", -3, "2020-12-31");
    years_later_is("2023-01-07", 0, "2023-01-07");
}

static void instant_is(int64_t seconds, int32_t nanos, const char *utc, const char *civil_date)
{
    char text[INSTANT_TEXT_SIZE], date[DAY_TEXT_SIZE];
    instant t = { .seconds = seconds, .nanos = nanos };
    assert_ptr_equal(instant_format(t, text), text);
    assert_string_equal(text, utc);
    assert_string_equal(day_format(instant_day(t), date), civil_date);
}

static void an_instant_has_its_date_in_shanghai(void **state)
{
    (void)state;
    instant_is(0, 0, "1970-01-01T00:00:00Z", "1970-01-01");
    instant_is(-1, 999999999, "1969-12-31T23:59:59.999999999Z", "1970-01-01");
    instant_is(-28800, 0, "1969-12-31T16:00:00Z", "1970-01-01");
    instant_is(-28801, 0, "1969-12-31T15:59:59Z", "1969-12-31");
    instant_is(57599, 0, "1970-01-01T15:59:59Z", "1970-01-01");
    instant_is(57600, 0, "1970-01-01T16:00:00Z", "1970-01-02");
    instant_is(1704038399, 0, "2023-12-31T15:59:59Z", "2023-12-31");
    instant_is(1704038400, 0, "2023-12-31T16:00:00Z", "2024-01-01");
    instant_is(1709136000, 0, "2024-02-28T16:00:00Z", "2024-02-29");
    instant_is(INSTANT_FIRST_SECONDS, 0, "0001-01-01T00:00:00Z", "0001-01-01");
    instant_is(INSTANT_LAST_SECONDS - 28800, 0, "9999-12-31T15:59:59Z", "9999-12-31");
}

static void a_fraction_has_three_six_or_nine_digits(void **state)
{
    (void)state;
    instant_is(0, 1, "1970-01-01T00:00:00.000000001Z", "1970-01-01");
    instant_is(0, 1000, "1970-01-01T00:00:00.000001Z", "1970-01-01");
    instant_is(0, 1000000, "1970-01-01T00:00:00.001Z", "1970-01-01");
    instant_is(0, 500000000, "1970-01-01T00:00:00.500Z", "1970-01-01");
    instant_is(0, 120034000, "1970-01-01T00:00:00.120034Z", "1970-01-01");
}

static void a_day_begins_when_the_one_before_ends(void **state)
{
    (void)state;
    for (day d = { -1000 }; d.n < 30000; d.n++) {
        instant begin = day_begin(d), before = { .seconds = begin.seconds - 1, .nanos = 999999999 };
        assert_int_equal(instant_day(begin).n, d.n);
        assert_int_equal(instant_day(before).n, d.n - 1);
    }
}

static void days_and_instants_have_an_order(void **state)
{
    (void)state;
    assert_int_equal(day_cmp((day){ -1 }, (day){ 1 }), -1);
    assert_int_equal(day_cmp((day){ 1 }, (day){ 1 }), 0);
    assert_int_equal(day_cmp((day){ INT32_MAX }, (day){ INT32_MIN }), 1);
    assert_int_equal(day_add((day){ 5 }, -7).n, -2);
    assert_int_equal(instant_cmp((instant){ 1, 0 }, (instant){ 0, 999999999 }), 1);
    assert_int_equal(instant_cmp((instant){ 1, 0 }, (instant){ 1, 1 }), -1);
    assert_int_equal(instant_cmp((instant){ 1, 1 }, (instant){ 1, 1 }), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_read_and_written),
        cmocka_unit_test(a_day_is_not_read_past_its_length),
        cmocka_unit_test(every_day_of_nine_thousand_years),
        cmocka_unit_test(months_follow),
        cmocka_unit_test(years_are_added),
        cmocka_unit_test(an_instant_has_its_date_in_shanghai),
        cmocka_unit_test(a_fraction_has_three_six_or_nine_digits),
        cmocka_unit_test(a_day_begins_when_the_one_before_ends),
        cmocka_unit_test(days_and_instants_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
