#include "producers/envelope.h"

#include "proto/settled.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void text_is(struct text text, const char *expected)
{
    if (!text_equal(text, text_of(expected)))
        fail_msg("'%.*s', expected '%s'", TEXT_FORMAT(text), expected);
}

static void test_headers_in_their_order(void **state)
{
    (void)state;
    struct arena *arena = arena_new(65536);
    const struct log_header trace = { TEXT("traceparent"), TEXT("00-1-2-01") };
    const struct log_record cause = { .headers = &trace, .header_count = 1 };
    struct envelope envelope = { .topic = "settlement",
        .type = "settled.v1.Settlement",
        .id = TEXT("s-1"),
        .region = TEXT("140425"),
        .at = { 0, 5000000 },
        .cause = &cause };
    struct log_header headers[ENVELOPE_HEADER_LIMIT];
    size_t count;
    assert_int_equal(producer_envelope_headers(arena, &envelope, headers, &count), STATUS_OK);
    static const char *const expected[][2] = { { "ce_specversion", "1.0" }, { "ce_id", "s-1" },
        { "ce_source", "/settled/140425" }, { "ce_type", "settled.v1.Settlement" },
        { "ce_time", "1970-01-01T00:00:00.005Z" }, { "content-type", "application/protobuf" },
        { "traceparent", "00-1-2-01" } };
    assert_int_equal(count, COUNT_OF(expected));
    for (size_t i = 0; i < count; i++) {
        text_is(headers[i].name, expected[i][0]);
        text_is(headers[i].value, expected[i][1]);
    }
    envelope.cause = NULL;
    assert_int_equal(producer_envelope_headers(arena, &envelope, headers, &count), STATUS_OK);
    assert_int_equal(count, COUNT_OF(expected) - 1);
    arena_free(arena);
}

/* A trace of a megabyte would make a settlement that no broker takes, again and again. */
static void test_no_trace_is_that_long(void **state)
{
    (void)state;
    struct arena *arena = arena_new(65536);
    char trace[200];
    memset(trace, '0', sizeof trace);
    for (size_t length = 0; length <= sizeof trace; length++) {
        const struct log_header header = { TEXT("traceparent"), { trace, length } };
        const struct log_record cause = { .headers = &header, .header_count = 1 };
        const struct envelope envelope = { .topic = "settlement", .type = "settled.v1.Settlement", .cause = &cause };
        struct log_header headers[ENVELOPE_HEADER_LIMIT];
        size_t count;
        assert_int_equal(producer_envelope_headers(arena, &envelope, headers, &count), STATUS_OK);
        assert_int_equal(count, length <= 128 ? 7 : 6);
    }
    arena_free(arena);
}

static void test_emit(void **state)
{
    (void)state;
    struct arena *arena = arena_new(65536);
    struct outputs outputs = { .arena = arena };
    char id[] = "w-1";
    Settled__V1__Warning warning = SETTLED__V1__WARNING__INIT;
    warning.warning_id = id;
    struct envelope envelope = {
        .topic = "warning", .type = "settled.v1.Warning", .id = TEXT("w-1"), .key = TEXT("k")
    };
    assert_int_equal(producer_envelope_emit(&outputs, &envelope, &warning.base), STATUS_OK);
    assert_int_equal(outputs.count, 1);
    assert_string_equal(outputs.items[0].topic, "warning");
    assert_int_equal(outputs.items[0].partition, -1);
    assert_int_equal(outputs.items[0].header_count, 6);
    text_is(outputs.items[0].key, "k");
    text_is(outputs.items[0].value, "\x0a\3w-1");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_in_their_order),
        cmocka_unit_test(test_no_trace_is_that_long),
        cmocka_unit_test(test_emit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
