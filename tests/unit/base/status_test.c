#include "base/status.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void every_status_has_a_name_a_class_and_a_sentence(void **state)
{
    (void)state;
    for (enum status status = 0; status < STATUS_COUNT; status++) {
        assert_true(strlen(status_name(status)) > 0);
        assert_true(strlen(status_sentence(status)) > 0);
        assert_null(strchr(status_name(status), ' '));
        assert_in_range(status_class(status), STATUS_CLASS_OK, STATUS_CLASS_STOP);
        for (enum status other = 0; other < status; other++)
            assert_string_not_equal(status_name(status), status_name(other));
    }
}

static void class_is(enum status status, enum status_class class)
{
    if (status_class(status) != class)
        fail_msg("%s is of class %d, not %d", status_name(status), status_class(status), class);
}

static void only_ok_is_fine(void **state)
{
    (void)state;
    assert_int_equal(STATUS_OK, 0);
    class_is(STATUS_OK, STATUS_CLASS_OK);
    for (enum status status = STATUS_OK + 1; status < STATUS_COUNT; status++)
        assert_int_not_equal(status_class(status), STATUS_CLASS_OK);
    class_is(STATUS_TOTAL_NOT_THE_SUM, STATUS_CLASS_REJECT);
    class_is(STATUS_STORE_UNREACHABLE, STATUS_CLASS_RETRY);
    class_is(STATUS_ARENA_FULL, STATUS_CLASS_ABORT);
    class_is(STATUS_FENCED, STATUS_CLASS_STOP);
}

static void a_fault_is_filled(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(fault_set(NULL, STATUS_EMPTY, "value", "nothing"), STATUS_EMPTY);
    assert_int_equal(fault_set(&fault, STATUS_BAD_DATE, "stated_on", "day %d", 32), STATUS_BAD_DATE);
    assert_int_equal(fault.status, STATUS_BAD_DATE);
    assert_string_equal(fault.field, "stated_on");
    assert_string_equal(fault.text, "day 32");
    assert_int_equal(fault_set(&fault, STATUS_EMPTY, NULL, "%s", ""), STATUS_EMPTY);
    assert_string_equal(fault.field, "");
    assert_string_equal(fault.text, "");
}

/* `prefix` bytes of ASCII push a three-byte character over the end at each of its bytes. */
static void cut_text_is_utf8(size_t prefix, size_t expected_length)
{
    struct fault fault;
    char text[400] = "";
    memset(text, 'a', prefix);
    for (size_t at = prefix; at + 3 < sizeof text; at += 3)
        memcpy(text + at, "县", 3);
    fault_set(&fault, STATUS_BAD_PACK, text, "%s", text);
    assert_true(text_is_utf8(text_of(fault.text)));
    assert_true(text_is_utf8(text_of(fault.field)));
    assert_int_equal(strlen(fault.text), expected_length);
    assert_memory_equal(fault.text, text, expected_length);
}

static void what_does_not_fit_is_cut_between_characters(void **state)
{
    (void)state;
    struct fault fault;
    char text[sizeof fault.text];
    cut_text_is_utf8(0, 189);
    cut_text_is_utf8(1, 190);
    cut_text_is_utf8(2, 191);
    memset(text, 'a', sizeof text - 1);
    memcpy(text + sizeof text - 4, "县", 4);
    fault_set(&fault, STATUS_BAD_PACK, "", "%s", text);
    assert_string_equal(fault.text, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_a_class_and_a_sentence),
        cmocka_unit_test(only_ok_is_fine),
        cmocka_unit_test(a_fault_is_filled),
        cmocka_unit_test(what_does_not_fit_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
