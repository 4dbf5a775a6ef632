#include "proto/json_field.h"

#include "kinds.pb-c.h"
#include "proto/settled.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check_name(const char *original, const char *expected)
{
    ProtobufCFieldDescriptor field = { .name = original };
    char buffer[FIELD_NAME_SIZE];
    assert_string_equal(json_field_name(&field, buffer), expected);
}

static void names_follow_protoc(void **state)
{
    (void)state;
    check_name("region", "region");
    check_name("total_fen", "totalFen");
    check_name("pre_self_pay_fen", "preSelfPayFen");
    check_name("under_1_score", "under1Score");
    check_name("trailing_", "trailing");
    check_name("a__b", "aB");
    check_name("_a", "A");
}

static bool is_map(const ProtobufCMessageDescriptor *type, const char *name)
{
    return json_field_is_map(type, protobuf_c_message_descriptor_get_field_by_name(type, name));
}

static void maps_are_told_from_lists(void **state)
{
    (void)state;
    assert_true(is_map(&settled__v1__identity_change__descriptor, "attributes"));
    assert_true(is_map(&settled__v1__roster_update__row__descriptor, "attributes"));
    assert_true(is_map(&settled__test__kinds__descriptor, "inner_by_name"));
    assert_false(is_map(&settled__test__kinds__descriptor, "inner"));
    assert_false(is_map(&settled__test__kinds__descriptor, "many_inner"));
    assert_false(is_map(&settled__v1__roster_update__descriptor, "rows"));
    assert_false(is_map(&settled__v1__settlement__descriptor, "lines"));
}

/* A list whose message has the fields of an entry under another name, or an entry's name with other fields. */
static void likenesses_are_no_maps(void **state)
{
    (void)state;
    ProtobufCMessageDescriptor entry = settled__v1__identity_change__attributes_entry__descriptor;
    ProtobufCFieldDescriptor field =
        *protobuf_c_message_descriptor_get_field_by_name(&settled__v1__identity_change__descriptor, "attributes");
    field.descriptor = &entry;
    assert_true(json_field_is_map(&settled__v1__identity_change__descriptor, &field));
    entry.name = "settled.v1.IdentityChange.AttributesEntries";
    assert_false(json_field_is_map(&settled__v1__identity_change__descriptor, &field));
    entry.name = "settled.v1.AttributesEntry";
    assert_false(json_field_is_map(&settled__v1__identity_change__descriptor, &field));
    entry = settled__v1__identity_change__attributes_entry__descriptor;
    entry.n_fields = 1;
    assert_false(json_field_is_map(&settled__v1__identity_change__descriptor, &field));
    entry = settled__v1__settlement__trigger__descriptor;
    entry.name = "settled.v1.IdentityChange.AttributesEntry";
    assert_false(json_field_is_map(&settled__v1__identity_change__descriptor, &field));
}

static void a_path_names_every_step(void **state)
{
    (void)state;
    struct fault fault;
    struct json_place root = json_place_root(NULL, &fault), rows = json_place_field(&root, "rows");
    struct json_place third = json_place_item(&rows, 2), id = json_place_field(&third, "personId");
    assert_int_equal(json_refuse(&id, STATUS_BAD_VALUE, "wrong"), STATUS_BAD_VALUE);
    assert_string_equal(fault.field, "rows[2].personId");
    assert_string_equal(fault.text, "wrong");
    assert_int_equal(json_refuse(&root, STATUS_EMPTY, "nothing"), STATUS_EMPTY);
    assert_string_equal(fault.field, "");
}

static void a_long_path_is_cut(void **state)
{
    (void)state;
    struct fault fault;
    struct json_place places[40];
    places[0] = json_place_root(NULL, &fault);
    for (size_t i = 1; i < COUNT_OF(places); i++)
        places[i] = json_place_field(&places[i - 1], "inner");
    assert_int_equal(json_refuse(&places[39], STATUS_BAD_VALUE, "wrong"), STATUS_BAD_VALUE);
    assert_memory_equal(fault.field, "inner.inner.", 12);
    assert_int_equal(strlen(fault.field), sizeof fault.field - 1);
}

static void nobody_need_ask_why(void **state)
{
    (void)state;
    struct json_place root = json_place_root(NULL, NULL);
    assert_int_equal(json_refuse(&root, STATUS_BAD_DATE, "wrong"), STATUS_BAD_DATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_protoc),
        cmocka_unit_test(maps_are_told_from_lists),
        cmocka_unit_test(likenesses_are_no_maps),
        cmocka_unit_test(a_path_names_every_step),
        cmocka_unit_test(a_long_path_is_cut),
        cmocka_unit_test(nobody_need_ask_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
