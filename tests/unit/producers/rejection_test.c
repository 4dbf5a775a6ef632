#include "producers/rejection.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define RECORD_LIMIT 1000000 /* what librdkafka sends by default */

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new((size_t)64 << 20);
    return arena == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct fault fault_of(enum status status, const char *field)
{
    struct fault fault;
    fault_set(&fault, status, field, "%s", status_sentence(status));
    return fault;
}

static const struct log_output *emitted(
    struct outputs *outputs, const struct log_record *record, const struct fault *fault)
{
    struct rejection rejection = { record, "discharge", { 1678867200, 0 } };
    *outputs = (struct outputs){ .arena = arena };
    assert_int_equal(producer_rejection_emit(outputs, &rejection, fault), STATUS_OK);
    assert_int_equal(outputs->count, 1);
    return &outputs->items[0];
}

/* The last header of a name: that is the one which Kafka's own readers take. */
static struct text header(const struct log_output *output, const char *name)
{
    for (size_t i = output->header_count; i-- > 0;)
        if (text_equal(output->headers[i].name, text_of(name)))
            return output->headers[i].value;
    fail_msg("no header %s", name);
    return TEXT_EMPTY;
}

static void text_is(struct text text, const char *expected)
{
    if (!text_equal(text, text_of(expected)))
        fail_msg("'%.*s', expected '%s'", TEXT_FORMAT(text), expected);
}

static const Settled__V1__Rejection *value_of(const struct log_output *output)
{
    Settled__V1__Rejection *wire =
        settled__v1__rejection__unpack(NULL, output->value.length, (const uint8_t *)output->value.at);
    assert_non_null(wire);
    return wire;
}

static void value_done(const Settled__V1__Rejection *wire)
{
    union {
        const Settled__V1__Rejection *lent;
        Settled__V1__Rejection *owned;
    } at = { wire };
    settled__v1__rejection__free_unpacked(at.owned, NULL);
}

static void test_the_record_is_kept(void **state)
{
    (void)state;
    const struct log_header headers[] = { { TEXT("ce_id"), TEXT("e-1") }, { TEXT("traceparent"), TEXT("00-a-b-01") },
        { TEXT("binary"), { "\0\xff", 2 } } };
    const struct log_record record = { .partition = 3,
        .offset = INT64_C(9000000000),
        .key = TEXT("key\xff"),
        .value = { "\0pay\xff", 5 },
        .has_value = true,
        .headers = headers,
        .header_count = COUNT_OF(headers) };
    struct fault fault = fault_of(STATUS_NEGATIVE_AMOUNT, "costs.total_fen");
    struct outputs outputs;
    const struct log_output *output = emitted(&outputs, &record, &fault);
    assert_string_equal(output->topic, "rejection");
    assert_int_equal(output->partition, -1);
    assert_true(text_equal(output->key, record.key));
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        assert_true(text_equal(output->headers[i].name, headers[i].name));
        assert_true(text_equal(output->headers[i].value, headers[i].value));
    }
    text_is(header(output, "__settled.errors.topic"), "discharge");
    text_is(header(output, "__settled.errors.partition"), "3");
    text_is(header(output, "__settled.errors.offset"), "9000000000");
    text_is(header(output, "__settled.errors.reason"), "NEGATIVE_AMOUNT");
    text_is(header(output, "__settled.errors.message"), "an amount is below zero");
    text_is(header(output, "ce_specversion"), "1.0");
    text_is(header(output, "ce_id"), "rejection/discharge/3/9000000000");
    text_is(header(output, "ce_source"), "/settled");
    text_is(header(output, "ce_type"), "settled.v1.Rejection");
    text_is(header(output, "ce_time"), "2023-03-15T08:00:00Z");
    text_is(header(output, "content-type"), "application/protobuf");
    text_is(header(output, "traceparent"), "00-a-b-01");
    const Settled__V1__Rejection *wire = value_of(output);
    assert_string_equal(wire->topic, "discharge");
    assert_int_equal(wire->partition, 3);
    assert_int_equal(wire->offset, INT64_C(9000000000));
    assert_string_equal(wire->reason, "NEGATIVE_AMOUNT");
    assert_string_equal(wire->field, "costs.total_fen");
    assert_string_equal(wire->detail, "an amount is below zero");
    assert_int_equal(wire->key.len, 4);
    assert_memory_equal(wire->key.data, "key\xff", 4);
    assert_int_equal(wire->payload.len, 5);
    assert_memory_equal(wire->payload.data, "\0pay\xff", 5);
    assert_int_equal(wire->emitted_at->seconds, 1678867200);
    value_done(wire);
}

static void test_nothing_at_all(void **state)
{
    (void)state;
    const struct log_record record = { .key = TEXT_EMPTY, .value = TEXT_EMPTY };
    struct fault fault = fault_of(STATUS_EMPTY, "");
    struct outputs outputs;
    const struct log_output *output = emitted(&outputs, &record, &fault);
    const Settled__V1__Rejection *wire = value_of(output);
    assert_int_equal(wire->payload.len, 0);
    assert_int_equal(wire->key.len, 0);
    assert_int_equal(output->header_count, 11);
    value_done(wire);
}

static struct text filled(size_t length)
{
    char *bytes = arena_take(arena, length);
    assert_non_null(bytes);
    memset(bytes, 'a', length);
    return (struct text){ bytes, length };
}

/* However large the input, its rejection can be sent: a record that cannot would stop the partition for ever. */
static void test_giants_are_cut(void **state)
{
    (void)state;
    struct log_header headers[64];
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        headers[i] = (struct log_header){ TEXT("h"), filled(10000) };
    const struct log_record record = { .key = filled(500000),
        .value = filled(1 << 20),
        .has_value = true,
        .headers = headers,
        .header_count = COUNT_OF(headers) };
    struct fault fault = fault_of(STATUS_TOO_LARGE, "");
    struct outputs outputs;
    const struct log_output *output = emitted(&outputs, &record, &fault);
    size_t bytes = output->key.length + output->value.length;
    for (size_t i = 0; i < output->header_count; i++)
        bytes += output->headers[i].name.length + output->headers[i].value.length + 16;
    assert_true(bytes < RECORD_LIMIT);
    const Settled__V1__Rejection *wire = value_of(output);
    assert_int_equal(wire->payload.len, REJECTION_PAYLOAD_LIMIT);
    assert_non_null(strstr(wire->detail, "payload cut to 900000 of 1048576 bytes"));
    assert_int_equal(output->key.length, REJECTION_KEY_LIMIT);
    text_is(header(output, "__settled.errors.reason"), "TOO_LARGE");
    value_done(wire);
}

/* Empty ones take room as well. */
static void test_headers_without_number(void **state)
{
    (void)state;
    static const struct log_header headers[100000];
    const struct log_record record = { .key = TEXT("k"), .value = TEXT("v"), .has_value = true, .headers = headers };
    for (size_t given = 0; given <= COUNT_OF(headers); given = given * 2 + 1) {
        struct log_record with = record;
        with.header_count = given;
        size_t fit = LOG_HEADERS_PASSED_BYTES / 16;
        assert_int_equal(log_headers_passed(&with), given < fit ? given : fit);
    }
}

static void test_one_byte_less_is_whole(void **state)
{
    (void)state;
    const struct log_record record = { .key = TEXT_EMPTY, .value = filled(REJECTION_PAYLOAD_LIMIT), .has_value = true };
    struct fault fault = fault_of(STATUS_NOT_PROTOBUF, "");
    struct outputs outputs;
    const Settled__V1__Rejection *wire = value_of(emitted(&outputs, &record, &fault));
    assert_string_equal(wire->detail, status_sentence(STATUS_NOT_PROTOBUF));
    value_done(wire);
}

/* In an arena of any size: whole, or ARENA_FULL and no output. */
static void test_full_arena(void **state)
{
    (void)state;
    const struct log_record record = { .key = TEXT("k"), .value = TEXT("v"), .has_value = true };
    struct fault fault = fault_of(STATUS_NOT_PROTOBUF, "");
    struct rejection rejection = { &record, "discharge", { 0, 0 } };
    enum status status = STATUS_ARENA_FULL;
    for (size_t size = 32; status == STATUS_ARENA_FULL; size += 32) {
        struct arena *small = arena_new(size);
        struct outputs outputs = { .arena = small };
        status = producer_rejection_emit(&outputs, &rejection, &fault);
        assert_int_equal(outputs.count, status == STATUS_OK ? 1 : 0);
        assert_true(status == STATUS_OK || status == STATUS_ARENA_FULL);
        assert_true(size < 65536);
        arena_free(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_record_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(test_giants_are_cut, setup, teardown),
        cmocka_unit_test(test_headers_without_number),
        cmocka_unit_test_setup_teardown(test_one_byte_less_is_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_arena, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
