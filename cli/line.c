#include "cli/line.h"

#include "google/protobuf/timestamp.pb-c.h"
#include "proto/json.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"
#include "proto/wire_scan.h"

#include <sodium.h>
#include <stdio.h>

/* ---- Fields of a message, by name ---- */

/* The value of a field of type `type`, copied into `ret_value`; false when the message has no such field. */
static bool field_get(const ProtobufCMessage *message, const char *name, void *ret_value, size_t size)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    if (field == NULL)
        return false;
    memcpy(ret_value, (const char *)message + field->offset, size);
    return true;
}

static struct text text_field(const ProtobufCMessage *message, const char *name)
{
    const char *value = NULL;
    field_get(message, name, &value, sizeof value);
    return text_of(value);
}

static instant instant_of(const Google__Protobuf__Timestamp *timestamp)
{
    return timestamp == NULL ? (instant){ 0 } : (instant){ timestamp->seconds, timestamp->nanos };
}

/* ---- Keys ---- */

static const char *enum_name(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *known = value == 0 ? NULL : protobuf_c_enum_descriptor_get_value(type, value);
    return known == NULL ? "" : known->name;
}

/* region|department|kind|category, the last only where lists of the kind have one. */
static enum status list_key(struct arena *arena, const ProtobufCMessage *message, struct text *ret_key)
{
    const Settled__V1__RosterUpdate *list = (const Settled__V1__RosterUpdate *)message;
    bool has_category = list->kind == SETTLED__V1__ROSTER_UPDATE__KIND__HARDSHIP
        || list->kind == SETTLED__V1__ROSTER_UPDATE__KIND__UNIT;
    size_t size = strlen(list->region) + strlen(list->department) + 128;
    char *key = arena_take(arena, size);
    if (key == NULL)
        return STATUS_ARENA_FULL;
    int length = snprintf(key, size, "%s|%s|%s|%s", list->region, list->department,
        enum_name(&settled__v1__roster_update__kind__descriptor, (int)list->kind),
        has_category ? enum_name(&settled__v1__identity_change__category__descriptor, (int)list->category) : "");
    *ret_key = (struct text){ key, (size_t)length };
    return STATUS_OK;
}

/* A list has no event id; what tells one part of it from all others is this. */
static struct text part_id(struct arena *arena, const ProtobufCMessage *message)
{
    const Settled__V1__RosterUpdate *list = (const Settled__V1__RosterUpdate *)message;
    size_t size = strlen(list->roster_id) + 16;
    char *id = arena_take(arena, size);
    if (id == NULL)
        return TEXT_EMPTY;
    int length = snprintf(id, size, "%s/%d", list->roster_id, list->part == 0 ? 1 : (int)list->part);
    return (struct text){ id, (size_t)length };
}

static enum status default_key(struct arena *arena, const ProtobufCMessage *message, struct line *line)
{
    if (message->descriptor == &settled__v1__roster_update__descriptor)
        return list_key(arena, message, &line->record.key);
    if (line->topic->has_person_key)
        line->record.key = text_of(wire_text(arena, text_field(message, "person_id")));
    return arena_is_full(arena) ? STATUS_ARENA_FULL : STATUS_OK;
}

/* ---- The value ---- */

/* What the record's envelope repeats of its message. */
static enum status note_message(struct arena *arena, const ProtobufCMessage *message, struct line *line)
{
    const Google__Protobuf__Timestamp *recorded_at = NULL;
    if (field_get(message, "recorded_at", &recorded_at, sizeof recorded_at))
        line->recorded_at = instant_of(recorded_at);
    bool is_list = message->descriptor == &settled__v1__roster_update__descriptor;
    line->event_id = is_list ? part_id(arena, message) : text_of(wire_text(arena, text_field(message, "event_id")));
    line->source = text_of(wire_text(arena, text_field(message, "source")));
    line->at = line->recorded_at;
    /* A period closes in every partition, and says itself in which. */
    line->record.partition = -1;
    if (message->descriptor == &settled__v1__period_close__descriptor)
        line->record.partition = ((const Settled__V1__PeriodClose *)message)->partition;
    return default_key(arena, message, line);
}

static enum status read_value(struct arena *arena, json_t *json, struct line *line, struct fault *fault)
{
    ProtobufCMessage *message;
    enum status status = proto_json_read_value(line->topic->message, json, NULL, &message, fault);
    if (status != STATUS_OK)
        return status;
    status = note_message(arena, message, line);
    if (status == STATUS_OK)
        status = wire_pack(message, arena, &line->record.value);
    protobuf_c_message_free_unpacked(message, NULL);
    return status == STATUS_OK ? STATUS_OK : fault_set(fault, status, "value", "%s", status_sentence(status));
}

static enum status read_raw(struct arena *arena, json_t *json, struct line *line, struct fault *fault)
{
    size_t length = json_is_string(json) ? json_string_length(json) : 0, decoded = 0;
    char *bytes = arena_take(arena, length + 1);
    if (bytes == NULL)
        return fault_set(fault, STATUS_ARENA_FULL, "raw", "too large");
    if (!json_is_string(json)
        || sodium_base642bin((unsigned char *)bytes, length, json_string_value(json), length, NULL, &decoded, NULL,
               sodium_base64_VARIANT_ORIGINAL)
            != 0)
        return fault_set(fault, STATUS_BAD_VALUE, "raw", "not base64");
    line->record.partition = -1;
    line->record.value = (struct text){ bytes, decoded };
    return STATUS_OK;
}

static enum status read_payload(struct arena *arena, const json_t *json, struct line *line, struct fault *fault)
{
    json_t *value = json_object_get(json, "value"), *raw = json_object_get(json, "raw");
    if ((value == NULL) == (raw == NULL))
        return fault_set(fault, STATUS_BAD_VALUE, "value", "one of value and raw must be given");
    return value != NULL ? read_value(arena, value, line, fault) : read_raw(arena, raw, line, fault);
}

/* ---- The rest of the line ---- */

static struct text copy_string(struct arena *arena, const json_t *json)
{
    return (
        struct text){ arena_copy(arena, json_string_value(json), json_string_length(json)), json_string_length(json) };
}

static enum status read_topic(const json_t *json, struct line *line, struct fault *fault)
{
    const json_t *name = json_object_get(json, "topic");
    if (!json_is_string(name))
        return fault_set(fault, STATUS_BAD_VALUE, "topic", "must be given, as a text");
    line->topic = topic_find(text_of(json_string_value(name)));
    if (line->topic == NULL || !line->topic->is_input)
        return fault_set(fault, STATUS_BAD_VALUE, "topic", "no input topic has this name");
    line->record.topic = line->topic->name;
    return STATUS_OK;
}

static enum status read_key(struct arena *arena, const json_t *json, struct line *line, struct fault *fault)
{
    const json_t *key = json_object_get(json, "key");
    if (key == NULL)
        return STATUS_OK;
    if (!json_is_string(key))
        return fault_set(fault, STATUS_BAD_VALUE, "key", "not a text");
    line->record.key = copy_string(arena, key);
    return line->record.key.at == NULL ? STATUS_ARENA_FULL : STATUS_OK;
}

static enum status read_timestamp(json_t *json, struct line *line, struct fault *fault)
{
    json_t *text = json_object_get(json, "timestamp");
    ProtobufCMessage *timestamp;
    if (text == NULL)
        return STATUS_OK;
    enum status status = proto_json_read_value(&google__protobuf__timestamp__descriptor, text, NULL, &timestamp, fault);
    if (status != STATUS_OK)
        return fault_set(fault, status, "timestamp", "not an RFC 3339 instant");
    line->at = instant_of((const Google__Protobuf__Timestamp *)timestamp);
    line->has_timestamp = true;
    protobuf_c_message_free_unpacked(timestamp, NULL);
    return STATUS_OK;
}

static enum status read_headers(struct arena *arena, json_t *json, struct line *line, struct fault *fault)
{
    json_t *given = json_object_get(json, "headers"), *value;
    const char *name;
    if (given == NULL)
        return STATUS_OK;
    struct log_header *headers = ARENA_ARRAY(arena, json_object_size(given), struct log_header);
    json_object_foreach(given, name, value)
    {
        if (!json_is_string(value))
            return fault_set(fault, STATUS_BAD_VALUE, "headers", "not an object of texts");
        if (headers == NULL)
            return STATUS_ARENA_FULL;
        headers[line->record.header_count++] =
            (struct log_header){ .name = text_of(wire_text(arena, text_of(name))), .value = copy_string(arena, value) };
    }
    line->record.headers = headers;
    if (!json_is_object(given))
        return fault_set(fault, STATUS_BAD_VALUE, "headers", "not an object of texts");
    return arena_is_full(arena) ? STATUS_ARENA_FULL : STATUS_OK;
}

static enum status check_names(json_t *json, struct fault *fault)
{
    static const char *const known[] = { "topic", "value", "raw", "key", "headers", "timestamp", "partition",
        "offset" };
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        bool is_known = false;
        for (size_t i = 0; i < COUNT_OF(known); i++)
            is_known |= strcmp(name, known[i]) == 0;
        if (!is_known)
            return fault_set(
                fault, STATUS_BAD_VALUE, "", "a line has topic, value or raw, key, headers and timestamp only");
    }
    return STATUS_OK;
}

static enum status read_object(struct arena *arena, json_t *json, struct line *ret_line, struct fault *fault)
{
    struct line line = { .at = { 0 } };
    if (!json_is_object(json))
        return fault_set(fault, STATUS_BAD_VALUE, "", "not a JSON object");
    enum status status = check_names(json, fault);
    if (status == STATUS_OK)
        status = read_topic(json, &line, fault);
    if (status == STATUS_OK)
        status = read_payload(arena, json, &line, fault);
    if (status == STATUS_OK)
        status = read_key(arena, json, &line, fault);
    if (status == STATUS_OK)
        status = read_headers(arena, json, &line, fault);
    if (status == STATUS_OK)
        status = read_timestamp(json, &line, fault);
    if (status == STATUS_OK)
        *ret_line = line;
    return status == STATUS_ARENA_FULL ? fault_set(fault, status, "", "too large a line") : status;
}

/* Where the JSON is bad: of its lines there is only one, whose number the caller says. */
static void drop_line_number(struct fault *fault)
{
    static const char only[] = "line 1, ";
    size_t length = sizeof only - 1;
    if (strncmp(fault->text, only, length) == 0)
        memmove(fault->text, fault->text + length, strlen(fault->text) - length + 1);
}

enum status line_read(struct arena *arena, struct text text, struct line *ret_line, struct fault *fault)
{
    json_t *json;
    *fault = (struct fault){ .status = STATUS_OK };
    enum status status = proto_json_parse(text, &json, fault);
    if (status != STATUS_OK) {
        drop_line_number(fault);
        return status;
    }
    status = read_object(arena, json, ret_line, fault);
    json_decref(json);
    return status;
}

enum status line_unpack(
    const struct topic *topic, struct text value, ProtobufCMessage **ret_message, struct fault *fault)
{
    if (!wire_frame_strip(&value))
        return fault_set(fault, STATUS_NOT_PROTOBUF, "", "%s", status_sentence(STATUS_NOT_PROTOBUF));
    enum status status = wire_scan(topic->message, value, fault);
    if (status != STATUS_OK && status != STATUS_FIELD_TOO_LONG)
        return status;
    ProtobufCMessage *message =
        protobuf_c_message_unpack(topic->message, NULL, value.length, (const uint8_t *)value.at);
    if (message == NULL)
        return fault_set(fault, STATUS_NOT_PROTOBUF, "", "%s", status_sentence(STATUS_NOT_PROTOBUF));
    *ret_message = message;
    return STATUS_OK;
}

enum status line_value(const struct topic *topic, struct text value, json_t **ret_json, struct fault *fault)
{
    ProtobufCMessage *message = NULL; /* as far as an optimizing compiler can see */
    enum status status = line_unpack(topic, value, &message, fault);
    if (status != STATUS_OK)
        return status;
    status = proto_json_write_value(message, ret_json, fault);
    protobuf_c_message_free_unpacked(message, NULL);
    return status;
}
