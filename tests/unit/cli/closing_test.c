#include "cli/closing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Minutes of a day in Asia/Shanghai. */
static instant at(int year, int month, int day_of_month, int minutes)
{
    instant t = day_begin(day_of(year, month, day_of_month));
    t.seconds += minutes * 60;
    return t;
}

static void month_due(instant now, int at_minute, int year, int month)
{
    struct closing_period due = closing_due_month(now, at_minute);
    assert_int_equal(due.year, year);
    assert_int_equal(due.month, month);
}

static void a_month_is_due_from_its_minute_on(void **state)
{
    (void)state;
    month_due(at(2023, 5, 31, 1439), 30, 2023, 4);
    month_due(at(2023, 6, 1, 0), 30, 2023, 4);
    month_due(at(2023, 6, 1, 29), 30, 2023, 4);
    month_due(at(2023, 6, 1, 30), 30, 2023, 5);
    month_due(at(2023, 6, 30, 1439), 30, 2023, 5);
    month_due(at(2024, 1, 1, 29), 30, 2023, 11);
    month_due(at(2024, 1, 1, 30), 30, 2023, 12);
    month_due(at(2024, 1, 1, 0), 0, 2023, 12);
}

static void a_year_is_due_from_its_minute_on(void **state)
{
    (void)state;
    assert_int_equal(closing_due_year(at(2024, 1, 1, 29), 30).year, 2022);
    assert_int_equal(closing_due_year(at(2024, 1, 1, 30), 30).year, 2023);
    assert_int_equal(closing_due_year(at(2024, 12, 31, 1439), 30).year, 2023);
    assert_int_equal(closing_due_year(at(2024, 6, 1, 0), 30).month, 0);
}

static void a_period_is_over_the_day_after(void **state)
{
    (void)state;
    assert_false(closing_is_over((struct closing_period){ 2023, 2 }, day_of(2023, 2, 28)));
    assert_true(closing_is_over((struct closing_period){ 2023, 2 }, day_of(2023, 3, 1)));
    assert_false(closing_is_over((struct closing_period){ 2023, 0 }, day_of(2023, 12, 31)));
    assert_true(closing_is_over((struct closing_period){ 2023, 0 }, day_of(2024, 1, 1)));
    assert_true(closing_is_over((struct closing_period){ 2023, 12 }, day_of(2024, 1, 1)));
}

static void the_id_tells_what_is_said_and_not_when(void **state)
{
    (void)state;
    char id[CLOSING_ID_SIZE];
    struct closing closing = { .region = TEXT("140425"), .year = 2023, .month = 5, .recorded_at = { 1, 0 } };
    assert_string_equal(closing_event_id(&closing, id), "close/140425/2023-05");
    closing.month = 0;
    closing.recorded_at.seconds = 2;
    assert_string_equal(closing_event_id(&closing, id), "close/140425/2023");
    closing.grant = MONEY_FEN(50000);
    closing.grant_on = day_of(2022, 6, 30);
    assert_string_equal(closing_event_id(&closing, id), "grant/140425/2023/50000/2022-06-30");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_month_is_due_from_its_minute_on),
        cmocka_unit_test(a_year_is_due_from_its_minute_on), cmocka_unit_test(a_period_is_over_the_day_after),
        cmocka_unit_test(the_id_tells_what_is_said_and_not_when) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
