#include "state/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new((size_t)1 << 20);
    return arena == NULL;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void number_takes(uint64_t number, size_t length)
{
    struct bytes_writer writer = bytes_writer_of(arena, 0);
    bytes_put_number(&writer, number);
    struct text bytes = bytes_written(&writer);
    assert_int_equal(bytes.length, length);
    struct bytes_reader reader = bytes_reader_of(bytes);
    assert_int_equal(bytes_get_number(&reader), number);
    assert_true(bytes_at_end(&reader));
}

static void numbers_come_back(void **state)
{
    (void)state;
    number_takes(0, 1);
    number_takes(127, 1);
    number_takes(128, 2);
    number_takes(16383, 2);
    number_takes(16384, 3);
    number_takes(UINT64_MAX, 10);
}

static void signed_takes(int64_t number, size_t length)
{
    struct bytes_writer writer = bytes_writer_of(arena, 0);
    bytes_put_signed(&writer, number);
    struct bytes_reader reader = bytes_reader_of(bytes_written(&writer));
    assert_int_equal(bytes_written(&writer).length, length);
    assert_int_equal(bytes_get_signed(&reader), number);
    assert_true(bytes_at_end(&reader));
}

static void signs_come_back(void **state)
{
    (void)state;
    signed_takes(0, 1);
    signed_takes(-1, 1);
    signed_takes(63, 1);
    signed_takes(-64, 1);
    signed_takes(64, 2);
    signed_takes(INT64_MAX, 10);
    signed_takes(INT64_MIN, 10);
}

static void texts_come_back(void **state)
{
    (void)state;
    struct bytes_writer writer = bytes_writer_of(arena, 0);
    bytes_put_text(&writer, TEXT("a\0b"));
    bytes_put_text(&writer, TEXT_EMPTY);
    bytes_put_text(&writer, TEXT("县"));
    struct bytes_reader reader = bytes_reader_of(bytes_written(&writer));
    assert_true(text_equal(bytes_get_text(&reader), TEXT("a\0b")));
    assert_false(bytes_at_end(&reader));
    assert_true(text_is_empty(bytes_get_text(&reader)));
    assert_true(text_equal(bytes_get_text(&reader), TEXT("县")));
    assert_true(bytes_at_end(&reader));
}

static void a_count_is_at_most_what_follows(void **state)
{
    (void)state;
    struct bytes_reader reader = bytes_reader_of(TEXT("\x02"
                                                      "ab"));
    assert_int_equal(bytes_get_count(&reader), 2);
    assert_false(reader.failed);
    reader = bytes_reader_of(TEXT("\x03"
                                  "ab"));
    assert_int_equal(bytes_get_count(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(bytes_get_number(&reader), 0);
    reader = bytes_reader_of(TEXT("\x80"));
    assert_int_equal(bytes_get_count(&reader), 0);
    assert_true(reader.failed);
}

static void a_writer_grows(void **state)
{
    (void)state;
    struct bytes_writer writer = bytes_writer_of(arena, 0);
    for (uint64_t i = 0; i < 5000; i++)
        bytes_put_number(&writer, i);
    struct bytes_reader reader = bytes_reader_of(bytes_written(&writer));
    for (uint64_t i = 0; i < 5000; i++)
        assert_int_equal(bytes_get_number(&reader), i);
    assert_true(bytes_at_end(&reader));
}

static void a_full_arena_fails_for_good(void **state)
{
    (void)state;
    struct arena *small = arena_new(4096);
    struct bytes_writer writer = bytes_writer_of(small, 0);
    for (int i = 0; i < 10000; i++)
        bytes_put_number(&writer, UINT64_MAX);
    assert_true(writer.failed);
    assert_int_equal(bytes_written(&writer).length, 0);
    arena_free(small);
}

static void is_broken(struct text bytes)
{
    struct bytes_reader reader = bytes_reader_of(bytes);
    assert_true(text_is_empty(bytes_get_text(&reader)));
    assert_false(bytes_at_end(&reader));
    assert_int_equal(bytes_get_number(&reader), 0);
    assert_int_equal(bytes_get_signed(&reader), 0);
    assert_true(text_is_empty(bytes_get_text(&reader)));
    assert_false(bytes_at_end(&reader));
}

static void a_reader_never_runs_past_its_end(void **state)
{
    (void)state;
    is_broken(TEXT_EMPTY);
    is_broken(TEXT("\x80"));
    is_broken(TEXT("\x05"
                   "abcd"));
    is_broken(TEXT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    is_broken(TEXT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    is_broken(TEXT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(numbers_come_back), cmocka_unit_test(signs_come_back),
        cmocka_unit_test(texts_come_back), cmocka_unit_test(a_count_is_at_most_what_follows),
        cmocka_unit_test(a_writer_grows), cmocka_unit_test(a_full_arena_fails_for_good),
        cmocka_unit_test(a_reader_never_runs_past_its_end) };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
