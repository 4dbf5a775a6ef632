#include "proto/json.h"

#include "base/day.h"
#include "kinds.pb-c.h"
#include "proto/settled.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void check_written(const void *message, const char *expected)
{
    char *text = NULL;
    struct fault fault = { 0 };
    if (proto_json_write(message, &text, &fault) != STATUS_OK)
        fail_msg("%s %s %s", status_name(fault.status), fault.field, fault.text);
    assert_string_equal(text, expected);
    free(text);
}

static void check_refused(const void *message, enum status expected, const char *field)
{
    char *text = NULL;
    struct fault fault = { 0 };
    assert_int_equal(proto_json_write(message, &text, &fault), expected);
    assert_null(text);
    assert_string_equal(fault.field, field);
}

static void defaults_are_left_out(void **state)
{
    (void)state;
    Settled__Test__Kinds kinds;
    settled__test__kinds__init(&kinds);
    check_written(&kinds, "{}");
    kinds.text = NULL;
    check_written(&kinds, "{}");
}

static void a_member_of_a_oneof_is_never_left_out(void **state)
{
    (void)state;
    Settled__V1__Paid paid;
    settled__v1__paid__init(&paid);
    check_written(&paid, "{}");
    paid.critical_illness_case = SETTLED__V1__PAID__CRITICAL_ILLNESS_CRITICAL_ILLNESS_FEN;
    check_written(&paid, "{\"criticalIllnessFen\":\"0\"}");
    Settled__Test__Kinds kinds;
    settled__test__kinds__init(&kinds);
    kinds.choice_case = SETTLED__TEST__KINDS__CHOICE_ONE_RAW;
    check_written(&kinds, "{\"oneRaw\":\"\"}");
}

static void numbers_keep_every_digit(void **state)
{
    (void)state;
    Settled__Test__Kinds kinds;
    settled__test__kinds__init(&kinds);
    kinds.plain_int32 = INT32_MIN;
    kinds.plain_uint32 = UINT32_MAX;
    kinds.plain_int64 = INT64_MIN;
    kinds.plain_uint64 = UINT64_MAX;
    check_written(&kinds,
        "{\"plainInt32\":-2147483648,\"plainUint32\":4294967295,"
        "\"plainInt64\":\"-9223372036854775808\",\"plainUint64\":\"18446744073709551615\"}");
}

static void enums_go_out_by_name(void **state)
{
    (void)state;
    Settled__Test__Kinds__Colour colours[] = { SETTLED__TEST__KINDS__COLOUR__BLUE,
        SETTLED__TEST__KINDS__COLOUR__COLOUR_UNSPECIFIED, (Settled__Test__Kinds__Colour)77 };
    Settled__Test__Kinds kinds;
    settled__test__kinds__init(&kinds);
    kinds.colour = SETTLED__TEST__KINDS__COLOUR__RED;
    kinds.n_many_colours = COUNT_OF(colours);
    kinds.many_colours = colours;
    check_written(&kinds, "{\"colour\":\"RED\",\"manyColours\":[\"BLUE\",\"COLOUR_UNSPECIFIED\",77]}");
}

static void check_stamp(int64_t seconds, int32_t nanos, const char *expected)
{
    Google__Protobuf__Timestamp stamp;
    google__protobuf__timestamp__init(&stamp);
    stamp.seconds = seconds;
    stamp.nanos = nanos;
    Settled__V1__Warning warning;
    settled__v1__warning__init(&warning);
    warning.emitted_at = &stamp;
    if (expected == NULL)
        check_refused(&warning, STATUS_BAD_DATE, "emittedAt");
    else
        check_written(&warning, expected);
}

static void instants_have_as_many_decimals_as_they_need(void **state)
{
    (void)state;
    check_stamp(0, 0, "{\"emittedAt\":\"1970-01-01T00:00:00Z\"}");
    check_stamp(1677634200, 250000000, "{\"emittedAt\":\"2023-03-01T01:30:00.250Z\"}");
    check_stamp(1677634200, 250001000, "{\"emittedAt\":\"2023-03-01T01:30:00.250001Z\"}");
    check_stamp(-1, 1, "{\"emittedAt\":\"1969-12-31T23:59:59.000000001Z\"}");
    check_stamp(INSTANT_FIRST_SECONDS, 0, "{\"emittedAt\":\"0001-01-01T00:00:00Z\"}");
    check_stamp(INSTANT_LAST_SECONDS, 999999999, "{\"emittedAt\":\"9999-12-31T23:59:59.999999999Z\"}");
    check_stamp(INSTANT_FIRST_SECONDS - 1, 0, NULL);
    check_stamp(INSTANT_LAST_SECONDS + 1, 0, NULL);
    check_stamp(0, -1, NULL);
    check_stamp(0, 1000000000, NULL);
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    (void)state;
    char bad[] = "\xff", good[] = "a";
    char *texts[] = { good, bad };
    Settled__V1__CaseAction action;
    settled__v1__case_action__init(&action);
    action.reason = bad;
    check_refused(&action, STATUS_BAD_UTF8, "reason");
    action.reason = good;
    action.n_encounter_ids = COUNT_OF(texts);
    action.encounter_ids = texts;
    check_refused(&action, STATUS_BAD_UTF8, "encounterIds[1]");
}

/* On the wire a map is a list of entries: one key may come twice, and a key or a value may be left out. */
static void a_map_is_written_as_protobuf_reads_it(void **state)
{
    (void)state;
    char key[] = "a", first[] = "1", last[] = "2", bad[] = "\xff";
    Settled__V1__IdentityChange__AttributesEntry entries[3];
    Settled__V1__IdentityChange__AttributesEntry *list[3];
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        settled__v1__identity_change__attributes_entry__init(&entries[i]);
        list[i] = &entries[i];
    }
    entries[0].key = entries[2].key = key;
    entries[0].value = first;
    entries[2].value = last;
    Settled__V1__IdentityChange change;
    settled__v1__identity_change__init(&change);
    change.n_attributes = COUNT_OF(entries);
    change.attributes = list;
    check_written(&change, "{\"attributes\":{\"a\":\"2\",\"\":\"\"}}");
    entries[2].key = bad;
    check_refused(&change, STATUS_BAD_UTF8, "attributes");
}

static void a_map_without_a_value_has_an_empty_message(void **state)
{
    (void)state;
    static const uint8_t wire[] = { 0xd2, 0x01, 0x03, 0x0a, 0x01, 'a' }; /* inner_by_name: { key: "a" } */
    Settled__Test__Kinds *kinds = settled__test__kinds__unpack(NULL, sizeof wire, wire);
    assert_non_null(kinds);
    check_written(kinds, "{\"innerByName\":{\"a\":{}}}");
    settled__test__kinds__free_unpacked(kinds, NULL);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    Settled__Test__Kinds chain[PROTO_JSON_DEPTH_MAX + 2];
    for (size_t i = 0; i < COUNT_OF(chain); i++) {
        settled__test__kinds__init(&chain[i]);
        chain[i].inner = i == 0 ? NULL : &chain[i - 1];
    }
    char *text = NULL;
    assert_int_equal(proto_json_write(&chain[PROTO_JSON_DEPTH_MAX].base, &text, NULL), STATUS_OK);
    free(text);
    text = NULL;
    assert_int_equal(proto_json_write(&chain[PROTO_JSON_DEPTH_MAX + 1].base, &text, NULL), STATUS_BAD_VALUE);
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_left_out),
        cmocka_unit_test(a_member_of_a_oneof_is_never_left_out),
        cmocka_unit_test(numbers_keep_every_digit),
        cmocka_unit_test(enums_go_out_by_name),
        cmocka_unit_test(instants_have_as_many_decimals_as_they_need),
        cmocka_unit_test(text_that_is_not_utf8_is_refused),
        cmocka_unit_test(a_map_is_written_as_protobuf_reads_it),
        cmocka_unit_test(a_map_without_a_value_has_an_empty_message),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
