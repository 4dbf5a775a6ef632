#include "proto/json_field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check_taken(const char *text, int64_t seconds, int32_t nanos)
{
    instant parsed = { -1, -1 };
    assert_true(json_instant_parse(text_of(text), &parsed));
    assert_int_equal(parsed.seconds, seconds);
    assert_int_equal(parsed.nanos, nanos);
}

static void check_refused(const char *text)
{
    instant parsed = { -1, -1 };
    assert_false(json_instant_parse(text_of(text), &parsed));
    assert_int_equal(parsed.seconds, -1);
}

static void instants_are_read(void **state)
{
    (void)state;
    check_taken("1970-01-01T00:00:00Z", 0, 0);
    check_taken("2023-03-01T09:30:00+08:00", 1677634200, 0);
    check_taken("2023-03-01T01:30:00Z", 1677634200, 0);
    check_taken("2023-02-28T14:00:00-11:30", 1677634200, 0);
    check_taken("1969-12-31T23:59:59.5Z", -1, 500000000);
    check_taken("1970-01-01T00:00:00.000000001Z", 0, 1);
    check_taken("1970-01-01T00:00:00.999999999Z", 0, 999999999);
    check_taken("0001-01-01T00:00:00Z", INSTANT_FIRST_SECONDS, 0);
    check_taken("9999-12-31T23:59:59.999999999Z", INSTANT_LAST_SECONDS, 999999999);
    check_taken("2024-02-29T00:00:00Z", 1709164800, 0);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "2023-03-01", "2023-03-01T09:30:00", "2023-03-01T09:30Z",
        "2023-03-01 09:30:00Z", "2023-03-01t09:30:00Z", "2023-03-01T09:30:00z", "2023-02-29T00:00:00Z",
        "2023-03-01T24:00:00Z", "2023-03-01T23:60:00Z", "2016-12-31T23:59:60Z", "2023-3-01T09:30:00Z",
        "2023-03-01T9:30:00Z", "2023-03-01T09:30:00.Z", "2023-03-01T09:30:00.1234567890Z", "2023-03-01T09:30:00,5Z",
        "2023-03-01T09:30:00+0800", "2023-03-01T09:30:00+08", "2023-03-01T09:30:00+24:00", "2023-03-01T09:30:00+08:60",
        "2023-03-01T09:30:00ZZ", "2023-03-01T09:30:00Z ", " 2023-03-01T09:30:00Z", "2023-03-01T09:30:00+08:00Z",
        "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "0001-01-01T07:59:59+08:00", "9999-12-31T23:59:59-00:01" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        check_refused(wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
