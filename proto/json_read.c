#include "proto/json.h"
#include "proto/json_field.h"
#include "proto/json_scalar.h"

#include "google/protobuf/timestamp.pb-c.h"

#include <string.h>

static void *at(ProtobufCMessage *message, unsigned offset)
{
    return (char *)message + offset;
}

static enum status message_fill(const struct json_place *place, json_t *json, ProtobufCMessage *message);

/* Makes a message and fills it; on failure it is given back. */
static enum status message_read(const struct json_place *place, const ProtobufCMessageDescriptor *type, json_t *json,
    ProtobufCMessage **ret_message)
{
    ProtobufCMessage *message = json_take(place, type->sizeof_message);
    if (message == NULL)
        return json_no_memory(place);
    protobuf_c_message_init(type, message);
    bool is_instant = type == &google__protobuf__timestamp__descriptor;
    enum status status = is_instant ? json_instant_read(place, json, message) : message_fill(place, json, message);
    if (status != STATUS_OK)
        protobuf_c_message_free_unpacked(message, place->allocator);
    else
        *ret_message = message;
    return status;
}

/* One value of a field, wherever it stands: alone, in a list or in an entry of a map. */
static enum status value_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, json_t *json, void *into)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return message_read(place, field->descriptor, json, into);
    return json_scalar_read(place, field, json, into);
}

/* Gives the repeated field an array for `count` values; what counts as filled is the message's own counter, so that a
 * failure halfway leaves a message that can be freed. */
static enum status array_take(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, size_t count, ProtobufCMessage *message)
{
    size_t size = count * json_field_size(field);
    void *items = json_take(place, size);
    if (items == NULL)
        return json_no_memory(place);
    memset(items, 0, size);
    *(void **)at(message, field->offset) = items;
    return STATUS_OK;
}

static enum status list_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, json_t *json, ProtobufCMessage *message)
{
    if (!json_is_array(json))
        return json_refuse(place, STATUS_BAD_VALUE, "not a list");
    size_t count = json_array_size(json), size = json_field_size(field);
    enum status status = count == 0 ? STATUS_OK : array_take(place, field, count, message);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct json_place item = json_place_item(place, i);
        char *items = *(char **)at(message, field->offset);
        status = value_read(&item, field, json_array_get(json, i), items + i * size);
        if (status == STATUS_OK)
            *(size_t *)at(message, field->quantifier_offset) = i + 1;
    }
    return status;
}

/* A map's entry, filled through its own two fields. */
static enum status entry_fill(const struct json_place *place, const char *key, json_t *json, ProtobufCMessage *entry)
{
    const ProtobufCFieldDescriptor *fields = entry->descriptor->fields;
    CHECK(fields[0].type == PROTOBUF_C_TYPE_STRING);
    size_t size = strlen(key) + 1;
    char *copy = json_take(place, size);
    if (copy == NULL)
        return json_no_memory(place);
    *(char **)at(entry, fields[0].offset) = memcpy(copy, key, size);
    return value_read(place, &fields[1], json, at(entry, fields[1].offset));
}

static enum status map_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, json_t *json, ProtobufCMessage *message)
{
    if (!json_is_object(json))
        return json_refuse(place, STATUS_BAD_VALUE, "not an object");
    const ProtobufCMessageDescriptor *type = field->descriptor;
    size_t *filled = at(message, field->quantifier_offset);
    enum status status =
        json_object_size(json) == 0 ? STATUS_OK : array_take(place, field, json_object_size(json), message);
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        if (status != STATUS_OK)
            break;
        ProtobufCMessage *entry = json_take(place, type->sizeof_message);
        if (entry == NULL)
            return json_no_memory(place);
        protobuf_c_message_init(type, entry);
        (*(ProtobufCMessage ***)at(message, field->offset))[(*filled)++] = entry;
        status = entry_fill(place, key, value, entry);
    }
    return status;
}

/* A member of a oneof takes its place only when it is read whole: a half-read one would be freed as a whole one. */
static enum status member_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, json_t *json, ProtobufCMessage *message)
{
    uint32_t *held = at(message, field->quantifier_offset);
    if (*held != 0)
        return json_refuse(place, STATUS_BAD_VALUE, "another field that excludes this one is given too");
    enum status status = value_read(place, field, json, at(message, field->offset));
    if (status == STATUS_OK)
        *held = field->id;
    return status;
}

static enum status field_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, json_t *json, ProtobufCMessage *message)
{
    if (json_is_null(json))
        return STATUS_OK;
    if (json_field_is_map(message->descriptor, field))
        return map_read(place, field, json, message);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return list_read(place, field, json, message);
    if (json_field_in_oneof(field))
        return member_read(place, field, json, message);
    return value_read(place, field, json, at(message, field->offset));
}

/* The field of that JSON name or original name; NULL when there is none. */
static const ProtobufCFieldDescriptor *field_find(const ProtobufCMessageDescriptor *type, const char *name)
{
    char json_name[FIELD_NAME_SIZE];
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (strcmp(json_field_name(field, json_name), name) == 0 || strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

/* What no message has may be anything, a person's data too: only what looks like the name of a field is repeated. */
static enum status unknown_field(const struct json_place *message, const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    size_t length = strlen(name);
    bool is_name = length > 0 && length < FIELD_NAME_SIZE && strspn(name, letters) == length;
    struct json_place place = json_place_field(message, is_name ? name : "?");
    return json_refuse(&place, STATUS_BAD_VALUE, "no such field");
}

/* Each field once, whichever of its two names it comes under. */
static enum status message_fill(const struct json_place *place, json_t *json, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    if (!json_is_object(json))
        return json_refuse(place, STATUS_BAD_VALUE, "not an object");
    if (place->depth > PROTO_JSON_DEPTH_MAX)
        return json_refuse(place, STATUS_BAD_VALUE, "messages nested too deep");
    CHECK(type->n_fields <= 64);
    uint64_t seen = 0;
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        const ProtobufCFieldDescriptor *field = field_find(type, name);
        if (field == NULL)
            return unknown_field(place, name);
        struct json_place here = json_place_field(place, name);
        uint64_t bit = UINT64_C(1) << (field - type->fields);
        if ((seen & bit) != 0)
            return json_refuse(&here, STATUS_BAD_VALUE, "given twice, under both of its names");
        seen |= bit;
        enum status status = field_read(&here, field, value, message);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* jansson's own words quote the text, which may be a person's data; its code does not. */
static enum status refuse_text(const json_error_t *error, struct fault *fault)
{
    static const struct {
        enum json_error_code code;
        enum status status;
        const char *words;
    } known[] = {
        { json_error_out_of_memory, STATUS_SYSTEM, "out of memory" },
        { json_error_stack_overflow, STATUS_BAD_VALUE, "nested too deep" },
        { json_error_invalid_utf8, STATUS_BAD_UTF8, "not valid UTF-8" },
        { json_error_premature_end_of_input, STATUS_BAD_VALUE, "the JSON ends too early" },
        { json_error_end_of_input_expected, STATUS_BAD_VALUE, "something follows the JSON" },
        { json_error_null_character, STATUS_BAD_VALUE, "a text with a NUL in it" },
        { json_error_null_byte_in_key, STATUS_BAD_VALUE, "a key with a NUL in it" },
        { json_error_duplicate_key, STATUS_BAD_VALUE, "a key that was given before" },
        { json_error_numeric_overflow, STATUS_BAD_VALUE, "a number out of range" },
    };
    enum json_error_code code = json_error_code(error);
    enum status status = STATUS_BAD_VALUE;
    const char *words = "not JSON";
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i].code == code) {
            status = known[i].status;
            words = known[i].words;
        }
    }
    return fault_set(fault, status, "", "line %d, column %d: %s", error->line, error->column, words);
}

enum status proto_json_read_value(const ProtobufCMessageDescriptor *type, json_t *json, ProtobufCAllocator *allocator,
    ProtobufCMessage **ret_message, struct fault *fault)
{
    struct json_place root = json_place_root(allocator, fault);
    return message_read(&root, type, json, ret_message);
}

enum status proto_json_parse(struct text json, json_t **ret_json, struct fault *fault)
{
    if (json.length > PROTO_JSON_BYTES_MAX)
        return fault_set(fault, STATUS_TOO_LARGE, "", "more than %zu bytes of JSON", PROTO_JSON_BYTES_MAX);
    json_error_t error;
    json_t *parsed = json_loadb(json.at, json.length, JSON_REJECT_DUPLICATES, &error);
    if (parsed == NULL)
        return refuse_text(&error, fault);
    *ret_json = parsed;
    return STATUS_OK;
}

enum status proto_json_read(const ProtobufCMessageDescriptor *type, struct text json, ProtobufCAllocator *allocator,
    ProtobufCMessage **ret_message, struct fault *fault)
{
    json_t *parsed;
    enum status status = proto_json_parse(json, &parsed, fault);
    if (status != STATUS_OK)
        return status;
    status = proto_json_read_value(type, parsed, allocator, ret_message, fault);
    json_decref(parsed);
    return status;
}
