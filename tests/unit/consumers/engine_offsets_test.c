#include "consumers/engine_offsets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const topics[] = { "admission", "discharge", NULL };

static void check(const char *text, enum status want, int64_t admission, int64_t discharge)
{
    int64_t next[2];
    assert_int_equal(engine_offsets_parse(text_of(text), topics, next), want);
    if (want != STATUS_OK)
        return;
    assert_int_equal(next[0], admission);
    assert_int_equal(next[1], discharge);
}

static void test_parse(void **state)
{
    (void)state;
    check("x", STATUS_BAD_STATE, 0, 0);
    check("admission=", STATUS_BAD_STATE, 0, 0);
    check("admission=-1", STATUS_BAD_STATE, 0, 0);
    check("admission=1x", STATUS_BAD_STATE, 0, 0);
    check("admission=1  discharge=2", STATUS_BAD_STATE, 0, 0);
    check("admission=9999999999999999999", STATUS_BAD_STATE, 0, 0);
    check("", STATUS_OK, 0, 0);
    check("admission=45 discharge=123", STATUS_OK, 45, 123);
    check("discharge=123 admission=45", STATUS_OK, 45, 123);
    check("discharge=7", STATUS_OK, 0, 7);
    check("discharge=7 topic-of-a-newer-version=9", STATUS_OK, 0, 7);
}

static void test_format(void **state)
{
    (void)state;
    char buffer[ENGINE_OFFSETS_SIZE];
    int64_t next[] = { 45, 123 };
    size_t length = engine_offsets_format(topics, next, buffer);
    assert_true(text_equal((struct text){ buffer, length }, TEXT("admission=45 discharge=123")));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse), cmocka_unit_test(test_format) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
