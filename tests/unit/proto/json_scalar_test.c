#include "proto/json.h"

#include "kinds.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static Settled__Test__Kinds *taken(const char *json)
{
    ProtobufCMessage *message = NULL;
    struct fault fault = { 0 };
    enum status status = proto_json_read(&settled__test__kinds__descriptor, text_of(json), NULL, &message, &fault);
    if (status != STATUS_OK)
        fail_msg("%s: %s %s", json, fault.field, fault.text);
    return (Settled__Test__Kinds *)message;
}

static void drop(Settled__Test__Kinds *kinds)
{
    settled__test__kinds__free_unpacked(kinds, NULL);
}

static void check_refused(const char *json, enum status expected)
{
    ProtobufCMessage *message = NULL;
    struct fault fault = { 0 };
    if (proto_json_read(&settled__test__kinds__descriptor, text_of(json), NULL, &message, &fault) != expected)
        fail_msg("%s: %s %s", json, status_name(fault.status), fault.text);
    assert_null(message);
    assert_int_equal(fault.status, expected);
}

static void check_int64(const char *json, int64_t expected)
{
    Settled__Test__Kinds *kinds = taken(json);
    assert_int_equal(kinds->plain_int64, expected);
    drop(kinds);
}

static void wide_integers_come_as_text_or_number(void **state)
{
    (void)state;
    check_int64("{\"plainInt64\":\"12\"}", 12);
    check_int64("{\"plainInt64\":12}", 12);
    check_int64("{\"plainInt64\":1.2e1}", 12);
    check_int64("{\"plainInt64\":12.0}", 12);
    check_int64("{\"plainInt64\":-0}", 0);
    check_int64("{\"plainInt64\":\"-9223372036854775808\"}", INT64_MIN);
    check_int64("{\"plainInt64\":\"9223372036854775807\"}", INT64_MAX);
    check_int64("{\"plainInt64\":9223372036854775807}", INT64_MAX);
    check_int64("{\"plainInt64\":9007199254740992.0}", INT64_C(1) << 53);
}

static void what_is_not_a_whole_number_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "{\"plainInt64\":\"9223372036854775808\"}",
        "{\"plainInt64\":9223372036854775808}", "{\"plainInt64\":9007199254740994.0}", "{\"plainInt64\":1e300}",
        "{\"plainInt64\":0.5}", "{\"plainInt64\":\"\"}", "{\"plainInt64\":\"-\"}", "{\"plainInt64\":\"+1\"}",
        "{\"plainInt64\":\" 1\"}", "{\"plainInt64\":\"1e3\"}", "{\"plainInt64\":\"0x1\"}", "{\"plainInt64\":true}",
        "{\"plainInt64\":[1]}", "{\"plainInt64\":\"100000000000000000000000000000000000000000000\"}",
        "{\"plainInt32\":2147483648}", "{\"plainInt32\":-2147483649}", "{\"plainUint32\":-1}",
        "{\"plainUint32\":4294967296}", "{\"plainUint64\":-1}", "{\"plainUint64\":\"18446744073709551616\"}" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        check_refused(wrong[i], STATUS_BAD_VALUE);
}

static void every_width_holds_its_ends(void **state)
{
    (void)state;
    Settled__Test__Kinds *kinds =
        taken("{\"plainInt32\":-2147483648,\"zigzagInt32\":\"2147483647\",\"fixedInt32\":-1,"
              "\"plainUint32\":4294967295,\"fixedUint32\":\"4294967295\",\"zigzagInt64\":\"-1\",\"fixedInt64\":\"-2\","
              "\"plainUint64\":\"18446744073709551615\",\"fixedUint64\":3}");
    assert_int_equal(kinds->plain_int32, INT32_MIN);
    assert_int_equal(kinds->zigzag_int32, INT32_MAX);
    assert_int_equal(kinds->fixed_int32, -1);
    assert_int_equal(kinds->plain_uint32, UINT32_MAX);
    assert_int_equal(kinds->fixed_uint32, UINT32_MAX);
    assert_int_equal(kinds->zigzag_int64, -1);
    assert_int_equal(kinds->fixed_int64, -2);
    assert_true(kinds->plain_uint64 == UINT64_MAX);
    assert_int_equal(kinds->fixed_uint64, 3);
    drop(kinds);
}

static void check_colour(const char *json, int expected)
{
    Settled__Test__Kinds *kinds = taken(json);
    assert_int_equal((int)kinds->colour, expected);
    drop(kinds);
}

static void enums_come_by_name_or_number(void **state)
{
    (void)state;
    check_colour("{\"colour\":\"RED\"}", 1);
    check_colour("{\"colour\":-7}", -7);
    check_colour("{\"colour\":12345}", 12345);
    check_colour("{\"colour\":0}", 0);
    check_colour("{\"colour\":null}", 0);
    check_refused("{\"colour\":\"COLOUR_UNSPECIFIED\"}", STATUS_UNKNOWN_ENUM);
    check_refused("{\"colour\":\"red\"}", STATUS_UNKNOWN_ENUM);
    check_refused("{\"colour\":\"1\"}", STATUS_UNKNOWN_ENUM);
    check_refused("{\"colour\":1.5}", STATUS_BAD_VALUE);
    check_refused("{\"colour\":2147483648}", STATUS_BAD_VALUE);
    check_refused("{\"manyColours\":[\"RED\",\"COLOUR_UNSPECIFIED\"]}", STATUS_UNKNOWN_ENUM);
}

static void check_raw(const char *json, const char *expected)
{
    Settled__Test__Kinds *kinds = taken(json);
    assert_int_equal(kinds->raw.len, strlen(expected));
    assert_memory_equal(kinds->raw.data, expected, kinds->raw.len);
    drop(kinds);
}

static void bytes_come_in_either_alphabet(void **state)
{
    (void)state;
    check_raw("{\"raw\":\"\"}", "");
    check_raw("{\"raw\":\"YQ==\"}", "a");
    check_raw("{\"raw\":\"YQ\"}", "a");
    check_raw("{\"raw\":\"YWI=\"}", "ab");
    check_raw("{\"raw\":\"+/+/\"}", "\xfb\xff\xbf");
    check_raw("{\"raw\":\"-_-_\"}", "\xfb\xff\xbf");
    check_raw("{\"raw\":\"-_s=\"}", "\xfb\xfb");
    static const char *const wrong[] = { "{\"raw\":\"Y\"}", "{\"raw\":\"YQ=\"}", "{\"raw\":\"YQ===\"}",
        "{\"raw\":\"Y Q\"}", "{\"raw\":\"+_+_\"}", "{\"raw\":\"=\"}", "{\"raw\":5}", "{\"raw\":\"\xc3\xa9\"}" };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        check_refused(wrong[i], STATUS_BAD_VALUE);
}

static void text_is_whole_or_refused(void **state)
{
    (void)state;
    Settled__Test__Kinds *kinds = taken("{\"text\":\"\xe7\x8e\x8b\\u79c0\\ud83d\\ude00\\n\"}");
    assert_string_equal(kinds->text, "\xe7\x8e\x8b\xe7\xa7\x80\xf0\x9f\x98\x80\n");
    drop(kinds);
    check_refused("{\"text\":5}", STATUS_BAD_VALUE);
    check_refused("{\"text\":\"a\\u0000b\"}", STATUS_BAD_VALUE);
    check_refused("{\"text\":\"\xff\"}", STATUS_BAD_UTF8);
    check_refused("{\"text\":\"\xc0\x80\"}", STATUS_BAD_UTF8);
    check_refused("{\"text\":\"\xed\xa0\x80\"}", STATUS_BAD_UTF8);
}

static void flags_and_instants_have_one_form(void **state)
{
    (void)state;
    Settled__Test__Kinds *kinds = taken("{\"flag\":true,\"at\":\"2023-03-01T09:30:00.25+08:00\"}");
    assert_true(kinds->flag);
    assert_int_equal(kinds->at->seconds, 1677634200);
    assert_int_equal(kinds->at->nanos, 250000000);
    drop(kinds);
    check_refused("{\"flag\":1}", STATUS_BAD_VALUE);
    check_refused("{\"flag\":\"true\"}", STATUS_BAD_VALUE);
    check_refused("{\"at\":1677634200}", STATUS_BAD_DATE);
    check_refused("{\"at\":\"2023-03-01\"}", STATUS_BAD_DATE);
    check_refused("{\"at\":{\"seconds\":1}}", STATUS_BAD_DATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_integers_come_as_text_or_number),
        cmocka_unit_test(what_is_not_a_whole_number_is_refused),
        cmocka_unit_test(every_width_holds_its_ends),
        cmocka_unit_test(enums_come_by_name_or_number),
        cmocka_unit_test(bytes_come_in_either_alphabet),
        cmocka_unit_test(text_is_whole_or_refused),
        cmocka_unit_test(flags_and_instants_have_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
