#include "proto/json.h"
#include "proto/json_field.h"

#include "google/protobuf/timestamp.pb-c.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const void *at(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

/* Whether the canonical mapping leaves the field out: empty, absent, or the default of a field without presence. */
static bool is_left_out(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *member = at(message, field->offset);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)at(message, field->quantifier_offset) == 0;
    if (json_field_in_oneof(field))
        return *(const uint32_t *)at(message, field->quantifier_offset) != field->id;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return *(char *const *)member == NULL || **(char *const *)member == '\0';
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)member)->len == 0;
    static const char nothing[sizeof(uint64_t)];
    return memcmp(member, nothing, json_field_size(field)) == 0;
}

/* 64 bits go out as text: a JSON number is a double to most readers. */
static json_t *wide_write(bool is_signed, uint64_t value)
{
    return is_signed ? json_sprintf("%lld", (long long)value) : json_sprintf("%llu", (unsigned long long)value);
}

static json_t *enum_write(const ProtobufCFieldDescriptor *field, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    return value == NULL ? json_integer(number) : json_string(value->name);
}

static json_t *bytes_write(const ProtobufCBinaryData *bytes)
{
    size_t size = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    sodium_bin2base64(text, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string_nocheck(text);
    free(text);
    return json;
}

/* A value that holds no other message; NULL when it is text that is not UTF-8, or when memory is out. */
static json_t *scalar_write(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)value);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)value);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return wide_write(true, *(const uint64_t *)value);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return wide_write(false, *(const uint64_t *)value);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)value);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_write(field, *(const int *)value);
    case PROTOBUF_C_TYPE_STRING:
        return json_string(*(char *const *)value == NULL ? "" : *(char *const *)value);
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_write(value);
    case PROTOBUF_C_TYPE_MESSAGE:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    check_failed("a scalar without float", __FILE__, __LINE__);
}

static enum status message_write(const struct json_place *place, const ProtobufCMessage *message, json_t **ret_json);

static enum status instant_write(const struct json_place *place, const ProtobufCMessage *message, json_t **ret_json)
{
    const Google__Protobuf__Timestamp *stamp = (const Google__Protobuf__Timestamp *)message;
    if (stamp->seconds < INSTANT_FIRST_SECONDS || stamp->seconds > INSTANT_LAST_SECONDS || stamp->nanos < 0
        || stamp->nanos > 999999999)
        return json_refuse(place, STATUS_BAD_DATE, "an instant outside of years 1 to 9999");
    char text[INSTANT_TEXT_SIZE];
    json_t *json = json_string_nocheck(instant_format((instant){ stamp->seconds, stamp->nanos }, text));
    if (json == NULL)
        return json_no_memory(place);
    *ret_json = json;
    return STATUS_OK;
}

/* One value of a field, wherever it stands: alone, in a list or in an entry of a map. */
static enum status value_write(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, const void *value, json_t **ret_json)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *message = *(ProtobufCMessage *const *)value;
        if (message != NULL && message->descriptor == &google__protobuf__timestamp__descriptor)
            return instant_write(place, message, ret_json);
        return message_write(place, message, ret_json);
    }
    json_t *json = scalar_write(field, value);
    if (json == NULL && field->type == PROTOBUF_C_TYPE_STRING)
        return json_refuse(place, STATUS_BAD_UTF8, "not valid UTF-8");
    if (json == NULL)
        return json_no_memory(place);
    *ret_json = json;
    return STATUS_OK;
}

static enum status list_write(const struct json_place *place, const ProtobufCFieldDescriptor *field,
    const ProtobufCMessage *message, json_t *list)
{
    size_t count = *(const size_t *)at(message, field->quantifier_offset), size = json_field_size(field);
    const char *items = *(char *const *)at(message, field->offset);
    for (size_t i = 0; i < count; i++) {
        struct json_place item = json_place_item(place, i);
        json_t *json = NULL;
        enum status status = value_write(&item, field, items + i * size, &json);
        if (status != STATUS_OK)
            return status;
        if (json_array_append_new(list, json) != 0)
            return json_no_memory(&item);
    }
    return STATUS_OK;
}

/* Of entries with the same key the last one stands, as everywhere in protobuf. */
static enum status map_write(const struct json_place *place, const ProtobufCFieldDescriptor *field,
    const ProtobufCMessage *message, json_t *object)
{
    const ProtobufCMessageDescriptor *type = field->descriptor;
    CHECK(type->fields[0].type == PROTOBUF_C_TYPE_STRING);
    size_t count = *(const size_t *)at(message, field->quantifier_offset);
    ProtobufCMessage *const *entries = *(ProtobufCMessage * *const *)at(message, field->offset);
    for (size_t i = 0; i < count; i++) {
        const char *key = *(char *const *)at(entries[i], type->fields[0].offset);
        json_t *json = NULL;
        enum status status = value_write(place, &type->fields[1], at(entries[i], type->fields[1].offset), &json);
        if (status != STATUS_OK)
            return status;
        if (json_object_set_new(object, key, json) != 0)
            return json_refuse(place, STATUS_BAD_UTF8, "a key is not valid UTF-8");
    }
    return STATUS_OK;
}

static enum status field_write(const struct json_place *place, const ProtobufCFieldDescriptor *field,
    const ProtobufCMessage *message, json_t **ret_json)
{
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return value_write(place, field, at(message, field->offset), ret_json);
    bool is_map = json_field_is_map(message->descriptor, field);
    json_t *json = is_map ? json_object() : json_array();
    if (json == NULL)
        return json_no_memory(place);
    enum status status = is_map ? map_write(place, field, message, json) : list_write(place, field, message, json);
    if (status != STATUS_OK)
        json_decref(json);
    else
        *ret_json = json;
    return status;
}

static enum status fields_write(const struct json_place *up, const ProtobufCMessage *message, json_t *object)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        if (is_left_out(message, &type->fields[i]))
            continue;
        char name[FIELD_NAME_SIZE];
        struct json_place place = json_place_field(up, json_field_name(&type->fields[i], name));
        json_t *json = NULL;
        enum status status = field_write(&place, &type->fields[i], message, &json);
        if (status != STATUS_OK)
            return status;
        if (json_object_set_new_nocheck(object, name, json) != 0)
            return json_no_memory(&place);
    }
    return STATUS_OK;
}

/* `message` is NULL for a map's value that the wire left out: the empty message. */
static enum status message_write(const struct json_place *place, const ProtobufCMessage *message, json_t **ret_json)
{
    if (place->depth > PROTO_JSON_DEPTH_MAX)
        return json_refuse(place, STATUS_BAD_VALUE, "messages nested too deep");
    json_t *object = json_object();
    if (object == NULL)
        return json_no_memory(place);
    enum status status = message == NULL ? STATUS_OK : fields_write(place, message, object);
    if (status != STATUS_OK)
        json_decref(object);
    else
        *ret_json = object;
    return status;
}

enum status proto_json_write_value(const ProtobufCMessage *message, json_t **ret_json, struct fault *fault)
{
    struct json_place root = json_place_root(NULL, fault);
    return message_write(&root, message, ret_json);
}

enum status proto_json_write(const ProtobufCMessage *message, char **ret_text, struct fault *fault)
{
    json_t *json = NULL;
    enum status status = proto_json_write_value(message, &json, fault);
    if (status != STATUS_OK)
        return status;
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (text == NULL)
        return fault_set(fault, STATUS_SYSTEM, "", "out of memory");
    *ret_text = text;
    return STATUS_OK;
}
