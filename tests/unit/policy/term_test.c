#include "policy/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static void names_are_read_back(void **state)
{
    (void)state;
    for (int list = 0; list < TERM_COUNT; list++)
        for (int value = 1; value <= term_last((enum term)list); value++) {
            struct text name = text_of(term_name((enum term)list, value));
            assert_int_equal(term_parse((enum term)list, name), value);
            assert_string_not_equal(term_chinese((enum term)list, value), "");
        }
}

static void what_a_list_does_not_have_is_empty(void **state)
{
    (void)state;
    assert_string_equal(term_name(TERM_CARE, 0), "");
    assert_string_equal(term_name(TERM_CARE, 7), "");
    assert_string_equal(term_name(TERM_CARE, -1), "");
    assert_string_equal(term_name(TERM_CATEGORY, TERM_LIMIT), "");
    assert_string_equal(term_chinese(TERM_CARE, 7), "");
    assert_int_equal(term_parse(TERM_CARE, TEXT("")), 0);
    assert_int_equal(term_parse(TERM_CARE, TEXT("inpatient")), 0);
    assert_int_equal(term_parse(TERM_CARE, TEXT("INPATIENTS")), 0);
    assert_int_equal(term_parse(TERM_CARE, TEXT("ARREARS")), 0);
    assert_int_equal(term_parse(TERM_REASON, TEXT("ARREARS")), REASON_ARREARS);
}

static void the_last_of_a_list_has_a_name(void **state)
{
    (void)state;
    assert_int_equal(term_last(TERM_CARE), CARE_ACCOUNT_PURCHASE);
    assert_int_equal(term_last(TERM_CATEGORY), CATEGORY_RELATIVE);
    assert_int_equal(term_last(TERM_REASON), REASON_WINDOW_MISSING);
}

static void a_set_is_a_bit_for_each(void **state)
{
    (void)state;
    term_set set = term_bit(CATEGORY_RETIRED) | term_bit(CATEGORY_RELATIVE);
    assert_true(term_holds(set, CATEGORY_RETIRED));
    assert_true(term_holds(set, CATEGORY_RELATIVE));
    assert_false(term_holds(set, CATEGORY_LOCAL_HOUSEHOLD));
    assert_false(term_holds(set, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(what_a_list_does_not_have_is_empty), cmocka_unit_test(the_last_of_a_list_has_a_name),
        cmocka_unit_test(a_set_is_a_bit_for_each) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
