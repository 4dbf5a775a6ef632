#include "proto/json.h"

#include "base/arena.h"
#include "kinds.pb-c.h"
#include "proto/settled.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void check_refused(
    const ProtobufCMessageDescriptor *type, const char *json, enum status expected, const char *field)
{
    ProtobufCMessage *message = NULL;
    struct fault fault = { 0 };
    if (proto_json_read(type, text_of(json), NULL, &message, &fault) != expected)
        fail_msg("%s: %s %s %s", json, status_name(fault.status), fault.field, fault.text);
    assert_null(message);
    assert_string_equal(fault.field, field);
    assert_string_not_equal(fault.text, "");
}

static void a_fault_names_its_path(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *discharge = &settled__v1__discharge__descriptor;
    const ProtobufCMessageDescriptor *roster = &settled__v1__roster_update__descriptor;
    check_refused(discharge, "{\"costs\":{\"totalFen\":\"x\"}}", STATUS_BAD_VALUE, "costs.totalFen");
    check_refused(discharge, "{\"costs\":{\"total_fen\":\"x\"}}", STATUS_BAD_VALUE, "costs.total_fen");
    check_refused(discharge, "{\"costs\":5}", STATUS_BAD_VALUE, "costs");
    check_refused(discharge, "{\"costs\":{\"totlFen\":1}}", STATUS_BAD_VALUE, "costs.totlFen");
    check_refused(discharge, "{\"care\":\"X\"}", STATUS_UNKNOWN_ENUM, "care");
    check_refused(discharge, "{\"dischargedAt\":\"X\"}", STATUS_BAD_DATE, "dischargedAt");
    check_refused(roster, "{\"rows\":[{},{\"personId\":5}]}", STATUS_BAD_VALUE, "rows[1].personId");
    check_refused(roster, "{\"rows\":[{},null]}", STATUS_BAD_VALUE, "rows[1]");
    check_refused(roster, "{\"rows\":{}}", STATUS_BAD_VALUE, "rows");
    check_refused(roster, "{\"rows\":[{\"attributes\":{\"a\":5}}]}", STATUS_BAD_VALUE, "rows[0].attributes");
    check_refused(roster, "{\"rows\":[{\"attributes\":{\"a\":null}}]}", STATUS_BAD_VALUE, "rows[0].attributes");
    check_refused(roster, "[]", STATUS_BAD_VALUE, "");
}

/* An unknown key may be anything, so it is repeated only if it could be the name of a field. */
static void a_fault_quotes_nobody(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *type = &settled__v1__discharge__descriptor;
    check_refused(type, "{\"140425195803120021\":1}", STATUS_BAD_VALUE, "?");
    check_refused(type, "{\"\xe7\x8e\x8b\":1}", STATUS_BAD_VALUE, "?");
    check_refused(type, "{\"\":1}", STATUS_BAD_VALUE, "?");
    ProtobufCMessage *message = NULL;
    struct fault fault = { 0 };
    static const char broken[] = "{\"name\":\"\xe7\x8e\x8b\" \"140425195803120021\"}";
    assert_int_equal(proto_json_read(type, TEXT(broken), NULL, &message, &fault), STATUS_BAD_VALUE);
    assert_string_equal(fault.text, "line 1, column 32: not JSON");
}

static void what_comes_twice_is_refused(void **state)
{
    (void)state;
    check_refused(&settled__v1__discharge__descriptor, "{\"eventId\":\"a\",\"eventId\":\"a\"}", STATUS_BAD_VALUE, "");
    check_refused(
        &settled__v1__discharge__descriptor, "{\"eventId\":\"a\",\"event_id\":\"a\"}", STATUS_BAD_VALUE, "event_id");
    check_refused(&settled__v1__person_fact__descriptor, "{\"enrolment\":{},\"contribution\":{}}", STATUS_BAD_VALUE,
        "contribution");
    check_refused(
        &settled__v1__identity_change__descriptor, "{\"attributes\":{\"a\":\"1\",\"a\":\"2\"}}", STATUS_BAD_VALUE, "");
}

static void what_is_not_one_object_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", " ", "null", "5", "\"a\"", "{", "{}{}", "{} x", "{\"eventId\"}", "{'a':1}",
        "{\"chronicClass\":01}", "{\"chronicClass\":NaN}", "{\"eventId\":\"a\",}" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        check_refused(&settled__v1__discharge__descriptor, wrong[i], STATUS_BAD_VALUE, "");
}

static Settled__V1__Discharge *discharge_read(const char *json)
{
    ProtobufCMessage *message = NULL;
    assert_int_equal(
        proto_json_read(&settled__v1__discharge__descriptor, text_of(json), NULL, &message, NULL), STATUS_OK);
    return (Settled__V1__Discharge *)message;
}

static void presence_is_kept(void **state)
{
    (void)state;
    Settled__V1__Discharge *given = discharge_read("{\"paid\":{\"criticalIllnessFen\":0}}");
    Settled__V1__Discharge *absent =
        discharge_read("{\"paid\":{\"criticalIllnessFen\":null},\"costs\":null,\"name\":null}");
    assert_int_equal(given->paid->critical_illness_case, SETTLED__V1__PAID__CRITICAL_ILLNESS_CRITICAL_ILLNESS_FEN);
    assert_int_equal(absent->paid->critical_illness_case, SETTLED__V1__PAID__CRITICAL_ILLNESS__NOT_SET);
    assert_null(absent->costs);
    assert_string_equal(absent->name, "");
    settled__v1__discharge__free_unpacked(given, NULL);
    settled__v1__discharge__free_unpacked(absent, NULL);
}

/* "{"inner":" times `depth`, and what closes it. */
static char *nested(size_t depth)
{
    static const char opening[] = "{\"inner\":";
    size_t step = sizeof opening - 1;
    char *text = malloc(depth * (step + 1) + 3);
    assert_non_null(text);
    for (size_t i = 0; i < depth; i++)
        memcpy(text + i * step, opening, step);
    memcpy(text + depth * step, "{}", 2);
    memset(text + depth * step + 2, '}', depth);
    text[depth * (step + 1) + 2] = '\0';
    return text;
}

static enum status nested_status(size_t depth)
{
    char *text = nested(depth);
    ProtobufCMessage *message = NULL;
    enum status status = proto_json_read(&settled__test__kinds__descriptor, text_of(text), NULL, &message, NULL);
    if (message != NULL)
        protobuf_c_message_free_unpacked(message, NULL);
    free(text);
    return status;
}

static void depth_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(nested_status(PROTO_JSON_DEPTH_MAX), STATUS_OK);
    assert_int_equal(nested_status(PROTO_JSON_DEPTH_MAX + 1), STATUS_BAD_VALUE);
    assert_int_equal(nested_status(100000), STATUS_BAD_VALUE);
}

static void size_is_bounded(void **state)
{
    (void)state;
    char *text = malloc(PROTO_JSON_BYTES_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', PROTO_JSON_BYTES_MAX + 1);
    memcpy(text, "{}", 2);
    ProtobufCMessage *message = NULL;
    struct text most = { text, PROTO_JSON_BYTES_MAX }, more = { text, PROTO_JSON_BYTES_MAX + 1 };
    const ProtobufCMessageDescriptor *type = &settled__v1__discharge__descriptor;
    assert_int_equal(proto_json_read(type, more, NULL, &message, NULL), STATUS_TOO_LARGE);
    assert_null(message);
    assert_int_equal(proto_json_read(type, most, NULL, &message, NULL), STATUS_OK);
    protobuf_c_message_free_unpacked(message, NULL);
    free(text);
}

/* An allocator that gives `left` times and counts what is out. */
struct purse {
    size_t left;
    size_t out;
};

static void *purse_take(void *data, size_t size)
{
    struct purse *purse = data;
    if (purse->left == 0)
        return NULL;
    purse->left--;
    purse->out++;
    return malloc(size);
}

static void purse_give_back(void *data, void *taken)
{
    struct purse *purse = data;
    purse->out -= taken != NULL;
    free(taken);
}

static const char everything[] =
    "{\"text\":\"a\",\"raw\":\"YQ==\",\"at\":\"2023-01-01T00:00:00Z\",\"inner\":{\"text\":\"b\"},\"manyInt32\":[1,2],"
    "\"manyTexts\":[\"c\",\"d\"],\"manyRaw\":[\"YQ==\",\"\"],\"manyInner\":[{\"text\":\"e\"},{}],"
    "\"counts\":{\"f\":1,\"g\":2},\"innerByName\":{\"h\":{\"text\":\"i\"},\"j\":{}},\"rawByName\":{\"k\":\"YQ==\"},"
    "\"oneInner\":{\"oneText\":\"l\"}}";

/* Fails at the first allocation, at the second, and so on: each time nothing is left behind. */
static void every_shortage_gives_everything_back(void **state)
{
    (void)state;
    for (size_t n = 0;; n++) {
        struct purse purse = { .left = n };
        ProtobufCAllocator allocator = { purse_take, purse_give_back, &purse };
        ProtobufCMessage *message = NULL;
        enum status status =
            proto_json_read(&settled__test__kinds__descriptor, TEXT(everything), &allocator, &message, NULL);
        if (status == STATUS_OK) {
            assert_true(n > 30);
            protobuf_c_message_free_unpacked(message, &allocator);
            assert_int_equal(purse.out, 0);
            return;
        }
        assert_int_equal(status, STATUS_ARENA_FULL);
        assert_null(message);
        assert_int_equal(purse.out, 0);
    }
}

/* The same for a mistake: each prefix of the document is followed by one, and all of it is given back. */
static void every_mistake_gives_everything_back(void **state)
{
    (void)state;
    static const char *const mistakes[] = { "{\"manyInner\":[{\"text\":\"a\"},{\"text\":5}]}",
        "{\"manyTexts\":[\"a\",5]}", "{\"manyRaw\":[\"YQ==\",5]}", "{\"innerByName\":{\"a\":{\"text\":\"b\"},\"c\":5}}",
        "{\"oneInner\":{\"text\":\"a\",\"flag\":5}}", "{\"text\":\"a\",\"inner\":{\"text\":\"b\",\"flag\":5}}",
        "{\"oneText\":\"a\",\"oneRaw\":\"YQ==\"}", "{\"oneRaw\":\"*\"}",
        "{\"manyAt\":[\"2023-01-01T00:00:00Z\",\"\"]}" };
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct purse purse = { .left = SIZE_MAX };
        ProtobufCAllocator allocator = { purse_take, purse_give_back, &purse };
        ProtobufCMessage *message = NULL;
        assert_int_not_equal(
            proto_json_read(&settled__test__kinds__descriptor, text_of(mistakes[i]), &allocator, &message, NULL),
            STATUS_OK);
        assert_null(message);
        assert_int_equal(purse.out, 0);
    }
}

static void *from_arena(void *arena, size_t size)
{
    return arena_take(arena, size);
}

static void leave_to_arena(void *arena, void *taken)
{
    (void)arena;
    (void)taken;
}

static void an_arena_serves(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    assert_non_null(arena);
    ProtobufCAllocator allocator = { from_arena, leave_to_arena, arena };
    ProtobufCMessage *message = NULL;
    assert_int_equal(
        proto_json_read(&settled__test__kinds__descriptor, TEXT(everything), &allocator, &message, NULL), STATUS_OK);
    assert_string_equal(((Settled__Test__Kinds *)message)->inner->text, "b");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_names_its_path),
        cmocka_unit_test(a_fault_quotes_nobody),
        cmocka_unit_test(what_comes_twice_is_refused),
        cmocka_unit_test(what_is_not_one_object_is_refused),
        cmocka_unit_test(presence_is_kept),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(size_is_bounded),
        cmocka_unit_test(every_shortage_gives_everything_back),
        cmocka_unit_test(every_mistake_gives_everything_back),
        cmocka_unit_test(an_arena_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
