#include "consumers/engine_offsets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

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

/* The text with its checksum, and without it, which is damage: the end of a text may be what was lost. */
static void check_whole(const char *text, enum status want, int64_t admission, int64_t discharge)
{
    char whole[ENGINE_OFFSETS_SIZE];
    snprintf(whole, sizeof whole, "%s check=%u", text, (unsigned)XXH3_64bits(text, strlen(text)));
    check(whole, want, admission, discharge);
    check(text, want == STATUS_OK ? STATUS_BAD_STATE : want, 0, 0);
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
    check_whole("admission=45 discharge=123", STATUS_OK, 45, 123);
    check_whole("discharge=123 admission=45", STATUS_OK, 45, 123);
    check_whole("discharge=7", STATUS_OK, 0, 7);
    check_whole("discharge=7 topic-of-a-newer-version=9", STATUS_OK, 0, 7);
    check("forgetting", STATUS_BAD_STATE, 0, 0);
    check_whole("format=1 discharge=7", STATUS_OK, 0, 7);
    check_whole("format=2 discharge=7", STATUS_NEWER_STATE, 0, 0);
    check("check=1", STATUS_BAD_STATE, 0, 0);
}

static void test_format(void **state)
{
    (void)state;
    char buffer[ENGINE_OFFSETS_SIZE];
    int64_t next[] = { 45, 123 };
    size_t length = engine_offsets_format(topics, next, buffer);
    buffer[length] = '\0';
    assert_string_equal(buffer, "admission=45 discharge=123 check=1326959257");
}

/* A checksum only helps if every small change is seen, and a first part of the text is not taken for the whole. */
static void test_damage_is_seen(void **state)
{
    (void)state;
    char buffer[ENGINE_OFFSETS_SIZE], copy[ENGINE_OFFSETS_SIZE + 1];
    int64_t next[] = { 45, 123 }, read[2];
    size_t length = engine_offsets_format(topics, next, buffer);
    for (size_t at = 0; at < length; at++)
        for (char c = '0'; c <= '9'; c++) {
            memcpy(copy, buffer, length);
            copy[at] = c;
            enum status status = engine_offsets_parse((struct text){ copy, length }, topics, read);
            assert_true(status == STATUS_OK || status == STATUS_BAD_STATE);
            if (status == STATUS_OK) /* nothing was changed, or the word "check" was */
                assert_memory_equal(read, next, sizeof read);
        }
    for (size_t cut = 1; cut < length; cut++)
        assert_int_equal(engine_offsets_parse((struct text){ buffer, cut }, topics, read), STATUS_BAD_STATE);
    memcpy(copy, buffer, length);
    memcpy(copy + length, " a=1", 5);
    assert_int_equal(engine_offsets_parse(text_of(copy), topics, read), STATUS_BAD_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse), cmocka_unit_test(test_format),
        cmocka_unit_test(test_damage_is_seen) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
