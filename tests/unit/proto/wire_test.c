#include "proto/settled.pb-c.h"
#include "proto/wire.h"
#include "proto/wire_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define LITERAL(bytes) ((struct text){ (bytes), sizeof(bytes) - 1 })

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

static const Settled__V1__Discharge *unpacked(struct text value)
{
    const ProtobufCMessage *message;
    struct fault fault = { .status = STATUS_OK };
    if (wire_unpack(&settled__v1__discharge__descriptor, arena, value, &message, &fault) != STATUS_OK)
        fail_msg("%s %s", status_name(fault.status), fault.field);
    return (const Settled__V1__Discharge *)message;
}

static void refused(struct text value, enum status expected, const char *field)
{
    const ProtobufCMessage *message;
    struct fault fault = { .status = STATUS_OK };
    enum status status = wire_unpack(&settled__v1__discharge__descriptor, arena, value, &message, &fault);
    if (status != expected || fault.status != expected || strcmp(fault.field, field) != 0)
        fail_msg("%s in '%s', expected %s in '%s'", status_name(status), fault.field, status_name(expected), field);
}

/* `count` bytes of one kind behind a head: a text field of that length. */
static struct text filled(const char *head, size_t head_length, size_t count, char with)
{
    char *bytes = arena_take(arena, head_length + count);
    assert_non_null(bytes);
    memcpy(bytes, head, head_length);
    memset(bytes + head_length, with, count);
    return (struct text){ bytes, head_length + count };
}

static void test_pack_and_unpack(void **state)
{
    (void)state;
    Settled__V1__Discharge discharge = SETTLED__V1__DISCHARGE__INIT;
    struct text bytes;
    discharge.event_id = wire_text(arena, TEXT("e"));
    discharge.version = -1;
    assert_int_equal(wire_pack(&discharge.base, arena, &bytes), STATUS_OK);
    assert_string_equal(unpacked(bytes)->event_id, "e");
    assert_int_equal(unpacked(bytes)->version, -1);
}

static void test_size(void **state)
{
    (void)state;
    refused(TEXT_EMPTY, STATUS_EMPTY, "");
    struct text large = filled("", 0, WIRE_VALUE_LIMIT + 1, '\xff');
    refused(large, STATUS_TOO_LARGE, "");
    large.length--;
    refused(large, STATUS_NOT_PROTOBUF, "");
    refused(filled("", 0, 1 << 20, 'a'), STATUS_TOO_LARGE, "");
}

/* Fields nobody knows cost far more unpacked than on the wire: 3 bytes become more than 60. */
static void test_too_large_unpacked(void **state)
{
    (void)state;
    char *bytes = arena_take(arena, WIRE_VALUE_LIMIT);
    assert_non_null(bytes);
    for (size_t i = 0; i < WIRE_VALUE_LIMIT; i += 3)
        memcpy(bytes + i, "\xb8\x3e\x01", 3);
    size_t mark = arena_used(arena);
    refused((struct text){ bytes, WIRE_VALUE_LIMIT }, STATUS_TOO_LARGE, "");
    assert_int_equal(arena_used(arena), mark);
    assert_false(arena_is_full(arena));
    unpacked((struct text){ bytes, WIRE_VALUE_LIMIT / 3 });
}

static void test_frames(void **state)
{
    (void)state;
    static const struct {
        struct text value;
        enum status status;
        const char *why;
    } cases[] = {
        { LITERAL("\0\0\0\0\7\0\x0a\1e"), STATUS_OK, "a lone 0: the first message" },
        { LITERAL("\0\0\0\0\7\2\6\x0a\1e"), STATUS_OK, "one index, 3" },
        { LITERAL("\0\0\0\0\7\4\2\0\x0a\1e"), STATUS_OK, "two indexes, 1 and 0" },
        { LITERAL("\0\xff\xff\xff\xff\2\x80\1\x0a\1e"), STATUS_OK, "an index of two bytes" },
        { LITERAL("\0"), STATUS_NOT_PROTOBUF, "nothing behind the magic" },
        { LITERAL("\0\0\0\0\7"), STATUS_NOT_PROTOBUF, "no indexes" },
        { LITERAL("\0\0\0\0\7\1\x0a\1e"), STATUS_NOT_PROTOBUF, "a negative count" },
        { LITERAL("\0\0\0\0\7\2\3\x0a\1e"), STATUS_NOT_PROTOBUF, "a negative index" },
        { LITERAL("\0\0\0\0\7\x80\x80\x80\x80\x80\0"), STATUS_NOT_PROTOBUF, "an endless count" },
        { LITERAL("\0\0\0\0\7\xfe\xff\xff\xff\x0f\0"), STATUS_NOT_PROTOBUF, "more indexes than bytes" },
        { LITERAL("\0\0\0\0\7\0"), STATUS_EMPTY, "a frame around nothing" },
        { LITERAL("\0\0\0\0\7\0\0\0\0\0\7\0\x0a\1e"), STATUS_NOT_PROTOBUF, "a frame in a frame" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const ProtobufCMessage *message;
        enum status status = wire_unpack(&settled__v1__discharge__descriptor, arena, cases[i].value, &message, NULL);
        if (status != cases[i].status)
            fail_msg("%s: %s", cases[i].why, status_name(status));
        if (status == STATUS_OK)
            assert_string_equal(((const Settled__V1__Discharge *)message)->event_id, "e");
    }
}

static void test_texts(void **state)
{
    (void)state;
    refused(LITERAL("\x0a\1\xff"), STATUS_BAD_UTF8, "event_id");
    refused(LITERAL("\x0a\3a\0b"), STATUS_BAD_UTF8, "event_id");         /* cut short by protobuf-c if it could */
    refused(LITERAL("\x0a\2\xc0\x80"), STATUS_BAD_UTF8, "event_id");     /* NUL written long */
    refused(LITERAL("\x0a\3\xed\xa0\x80"), STATUS_BAD_UTF8, "event_id"); /* half of a surrogate pair */
    refused(LITERAL("\x72\3\x12\1\xff"), STATUS_BAD_UTF8, "institution.name");
    refused(LITERAL("\x0a\1\xff\x0a\1e"), STATUS_BAD_UTF8, "event_id"); /* also when a later one replaces it */
    refused(filled("\x2a\x81\1", 3, 129, 'a'), STATUS_FIELD_TOO_LONG, "encounter_id");
    unpacked(filled("\x2a\x80\1", 3, 128, 'a'));
    refused(filled("\x0a\x81\4", 3, 513, 'a'), STATUS_FIELD_TOO_LONG, "event_id");
    unpacked(filled("\x0a\x80\4", 3, 512, 'a'));
    refused(filled("\x12\x81\4", 3, 513, 'a'), STATUS_FIELD_TOO_LONG, "source");
    unpacked(filled("\x12\x80\4", 3, 512, 'a'));
    refused(filled("\x52\x81\1", 3, 129, 'a'), STATUS_FIELD_TOO_LONG, "name");
}

/* Whatever stands where, the graver thing is said. */
static void test_gravity(void **state)
{
    (void)state;
    char bytes[256];
    memcpy(bytes, "\x2a\x81\1", 3);
    memset(bytes + 3, 'a', 129);
    memcpy(bytes + 132, "\x12\1\xff", 3);
    refused((struct text){ bytes, 132 }, STATUS_FIELD_TOO_LONG, "encounter_id");
    refused((struct text){ bytes, 135 }, STATUS_BAD_UTF8, "source");
    bytes[135] = '\x0a';
    refused((struct text){ bytes, 136 }, STATUS_NOT_PROTOBUF, "");
    memcpy(bytes + 135, "\x10\1", 2); /* source as a number */
    refused((struct text){ bytes, 137 }, STATUS_NOT_PROTOBUF, "");
}

/* `costs` in two halves: proto3 would have both, protobuf-c the second only, and then the money is wrong. */
static void test_a_part_given_twice(void **state)
{
    (void)state;
    refused(LITERAL("\x9a\1\2\x08\1\x9a\1\2\x10\1"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\xa2\1\2\x08\1\xa2\1\2\x10\1"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\xa2\1\0\xa2\1\0"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\x1a\0\x1a\0"), STATUS_NOT_PROTOBUF, "");
    assert_int_equal(unpacked(LITERAL("\x30\1\x30\2"))->version, 2); /* of a number the last counts */
}

static void test_unknown_fields(void **state)
{
    (void)state;
    struct text all = LITERAL("\xb8\x3e\1\xb9\x3e"
                              "12345678\xba\x3e\3a\xff\0\xbd\x3e"
                              "1234\x0a\1e");
    assert_string_equal(unpacked(all)->event_id, "e");
}

static void test_broken(void **state)
{
    (void)state;
    refused(LITERAL("\x0a"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\x0a\2e"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\x30"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"), STATUS_NOT_PROTOBUF, "");
    refused(LITERAL("\xbb\x3e\xbc\x3e"), STATUS_NOT_PROTOBUF, ""); /* a group */
    refused(LITERAL("\x0e\1"), STATUS_NOT_PROTOBUF, "");           /* wire type 6 */
    refused(LITERAL("\2\1a"), STATUS_NOT_PROTOBUF, "");            /* field number 0 */
    refused(LITERAL("\x72\2\x0a\5"), STATUS_NOT_PROTOBUF, "");     /* a part that ends inside a field */
    refused(LITERAL("\x0a\xff\xff\xff\xff\x0f"), STATUS_NOT_PROTOBUF, "");
}

static void test_arena_full(void **state)
{
    (void)state;
    struct arena *small = arena_new(128);
    const ProtobufCMessage *message;
    struct text bytes;
    Settled__V1__Discharge discharge = SETTLED__V1__DISCHARGE__INIT;
    assert_int_equal(
        wire_unpack(&settled__v1__discharge__descriptor, small, LITERAL("\x0a\1e"), &message, NULL), STATUS_ARENA_FULL);
    assert_string_equal(wire_text(small, filled("", 0, 1000, 'a')), "");
    assert_int_equal(wire_pack(&discharge.base, small, &bytes), STATUS_ARENA_FULL);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pack_and_unpack, setup, teardown),
        cmocka_unit_test_setup_teardown(test_size, setup, teardown),
        cmocka_unit_test_setup_teardown(test_too_large_unpacked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_frames, setup, teardown),
        cmocka_unit_test_setup_teardown(test_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_gravity, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_part_given_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unknown_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_arena_full, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
