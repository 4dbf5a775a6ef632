#include "consumers/person_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool valid;
        const char *why;
    } cases[] = {
        { "140425197305110035", true, "a sound one" },
        { "110101199003071938", true, "another" },
        { "14042519800101003X", true, "check character X" },
        { "14042519800101003x", false, "x in lower case" },
        { "140425197305110034", false, "check digit one less" },
        { "140425197305110036", false, "check digit one more" },
        { "140425200002290010", true, "29 February of a leap year" },
        { "140425190002290010", false, "29 February of no leap year" },
        { "140425190001010009", true, "1 January 1900" },
        { "140425000001010009", false, "year 0" },
        { "14042519730511003", false, "17 characters" },
        { "1404251973051100355", false, "19 characters" },
        { "", false, "none" },
        { "1404251973 5110035", false, "a blank" },
        { "X40425197305110035", false, "X elsewhere" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (person_id_is_valid(text_of(cases[i].id)) != cases[i].valid)
            fail_msg("%s (%s)", cases[i].id, cases[i].why);
}

/* Each month's last day is one, the day after it is not, whatever the check digit says. */
static void test_birth_dates(void **state)
{
    (void)state;
    static const int last[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    for (int month = 0; month <= 13; month++) {
        for (int date = 0; date <= 32; date++) {
            char id[32];
            snprintf(id, sizeof id, "1404251973%02d%02d001", month, date);
            id[17] = person_id_check(id);
            bool real = month >= 1 && month <= 12 && date >= 1 && date <= last[(month + 11) % 12];
            assert_int_equal(person_id_is_valid((struct text){ id, 18 }), real);
        }
    }
}

/* The check character sees every wrong digit and every two neighbours changed. */
static void test_slips_are_seen(void **state)
{
    (void)state;
    static const char good[] = "140425197305110035";
    for (int at = 0; at < 18; at++) {
        char slip[19];
        memcpy(slip, good, sizeof slip);
        for (char digit = '0'; digit <= '9'; digit++) {
            slip[at] = digit;
            assert_int_equal(person_id_is_valid(text_of(slip)), digit == good[at]);
        }
        memcpy(slip, good, sizeof slip);
        if (at == 17 || good[at] == good[at + 1])
            continue;
        slip[at] = good[at + 1];
        slip[at + 1] = good[at];
        assert_false(person_id_is_valid(text_of(slip)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_birth_dates),
        cmocka_unit_test(test_slips_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
