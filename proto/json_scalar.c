#include "proto/json_scalar.h"

#include "google/protobuf/timestamp.pb-c.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void *json_take(const struct json_place *place, size_t size)
{
    ProtobufCAllocator *allocator = place->allocator;
    return allocator == NULL ? malloc(size) : allocator->alloc(allocator->allocator_data, size);
}

void json_give_back(const struct json_place *place, void *taken)
{
    ProtobufCAllocator *allocator = place->allocator;
    if (allocator == NULL)
        free(taken);
    else
        allocator->free(allocator->allocator_data, taken);
}

/* A double is whole and exact up to 2^53; beyond that it may be the neighbour of what was written. */
static bool real_whole(double real, __int128 *ret_integer)
{
    const int64_t exact_up_to = INT64_C(1) << 53;
    if (!(real >= (double)-exact_up_to && real <= (double)exact_up_to) || (double)(int64_t)real != real)
        return false;
    *ret_integer = (int64_t)real;
    return true;
}

/* An optional minus and up to twenty digits, which is what 64 bits can need. */
static bool digits_parse(const char *digits, __int128 *ret_integer)
{
    bool negative = *digits == '-';
    digits += negative;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 20 || digits[length] != '\0')
        return false;
    __int128 integer = 0;
    for (; *digits != '\0'; digits++)
        integer = integer * 10 + (*digits - '0');
    *ret_integer = negative ? -integer : integer;
    return true;
}

static bool integer_parse(const json_t *json, __int128 *ret_integer)
{
    if (json_is_integer(json)) {
        *ret_integer = json_integer_value(json);
        return true;
    }
    if (json_is_real(json))
        return real_whole(json_real_value(json), ret_integer);
    return json_is_string(json) && digits_parse(json_string_value(json), ret_integer);
}

struct range {
    __int128 least;
    __int128 most;
};

/* What a field of a fixed width can hold; enums are open and hold any int32. */
static struct range field_range(const ProtobufCFieldDescriptor *field)
{
    bool is_wide = json_field_size(field) == sizeof(uint64_t);
    bool is_unsigned = field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_FIXED32
        || field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_FIXED64;
    if (is_unsigned)
        return (struct range){ 0, is_wide ? UINT64_MAX : UINT32_MAX };
    return is_wide ? (struct range){ INT64_MIN, INT64_MAX } : (struct range){ INT32_MIN, INT32_MAX };
}

static enum status integer_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, const json_t *json, void *into)
{
    __int128 integer;
    struct range range = field_range(field);
    if (!integer_parse(json, &integer))
        return json_refuse(place, STATUS_BAD_VALUE, "not an integer");
    if (integer < range.least || integer > range.most)
        return json_refuse(place, STATUS_BAD_VALUE, "an integer out of range");
    /* Two's complement of the field's width, whatever its sign. */
    if (json_field_size(field) == sizeof(uint64_t))
        *(uint64_t *)into = (uint64_t)integer;
    else
        *(uint32_t *)into = (uint32_t)integer;
    return STATUS_OK;
}

static bool is_unspecified(const ProtobufCEnumValue *value)
{
    static const char suffix[] = "_UNSPECIFIED";
    size_t length = strlen(value->name), tail = sizeof suffix - 1;
    return length >= tail && strcmp(value->name + length - tail, suffix) == 0;
}

/* A name of the enum, or a number that may be unknown: a newer sender's value is kept as it is. */
static enum status enum_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, const json_t *json, void *into)
{
    if (!json_is_string(json))
        return integer_read(place, field, json, into);
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, json_string_value(json));
    if (value == NULL)
        return json_refuse(place, STATUS_UNKNOWN_ENUM, "no such name among the values");
    if (is_unspecified(value))
        return json_refuse(place, STATUS_UNKNOWN_ENUM, "\"unspecified\" may not be named: leave the field out");
    *(int *)into = value->value;
    return STATUS_OK;
}

static enum status bool_read(const struct json_place *place, const json_t *json, void *into)
{
    if (!json_is_boolean(json))
        return json_refuse(place, STATUS_BAD_VALUE, "neither true nor false");
    *(protobuf_c_boolean *)into = json_is_true(json);
    return STATUS_OK;
}

/* A message's strings end at their first NUL, so text that holds one cannot be kept as it is. */
static enum status string_read(const struct json_place *place, const json_t *json, void *into)
{
    if (!json_is_string(json))
        return json_refuse(place, STATUS_BAD_VALUE, "not a text");
    size_t size = json_string_length(json) + 1;
    if (strlen(json_string_value(json)) + 1 != size)
        return json_refuse(place, STATUS_BAD_VALUE, "a text with a NUL in it");
    char *copy = json_take(place, size);
    if (copy == NULL)
        return json_no_memory(place);
    *(char **)into = memcpy(copy, json_string_value(json), size);
    return STATUS_OK;
}

/* Standard or url-safe, each with its padding or without any. */
static int base64_variant(const char *text, size_t length)
{
    bool is_url = strpbrk(text, "-_") != NULL, is_padded = length > 0 && text[length - 1] == '=';
    if (is_url)
        return is_padded ? sodium_base64_VARIANT_URLSAFE : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    return is_padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

static enum status bytes_read(const struct json_place *place, const json_t *json, void *into)
{
    if (!json_is_string(json))
        return json_refuse(place, STATUS_BAD_VALUE, "not base64");
    const char *text = json_string_value(json);
    size_t length = json_string_length(json), decoded = 0, most = length / 4 * 3 + 3;
    uint8_t *data = json_take(place, most);
    if (data == NULL)
        return json_no_memory(place);
    if (sodium_base642bin(data, most, text, length, NULL, &decoded, NULL, base64_variant(text, length)) != 0) {
        json_give_back(place, data);
        return json_refuse(place, STATUS_BAD_VALUE, "not base64");
    }
    *(ProtobufCBinaryData *)into = (ProtobufCBinaryData){ .len = decoded, .data = data };
    return STATUS_OK;
}

enum status json_instant_read(const struct json_place *place, const json_t *json, ProtobufCMessage *message)
{
    instant parsed;
    struct text text = { json_string_value(json), json_string_length(json) };
    if (!json_is_string(json) || !json_instant_parse(text, &parsed))
        return json_refuse(place, STATUS_BAD_DATE, "not an instant such as 2023-03-01T09:30:00+08:00");
    Google__Protobuf__Timestamp *stamp = (Google__Protobuf__Timestamp *)message;
    stamp->seconds = parsed.seconds;
    stamp->nanos = parsed.nanos;
    return STATUS_OK;
}

enum status json_scalar_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, const json_t *json, void *into)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return integer_read(place, field, json, into);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_read(place, field, json, into);
    case PROTOBUF_C_TYPE_BOOL:
        return bool_read(place, json, into);
    case PROTOBUF_C_TYPE_STRING:
        return string_read(place, json, into);
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_read(place, json, into);
    case PROTOBUF_C_TYPE_MESSAGE:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    check_failed("a scalar without float", __FILE__, __LINE__);
}
