#include "proto/wire_scan.h"

#include "proto/wire.h"

#include <stdio.h>

#define FRAME_HEAD_BYTES 5
#define VARINT_BYTES 10

/* False when the bytes end before the varint does, or it is longer than `limit` bytes. */
static bool varint_take(struct text *bytes, size_t limit, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes->length && i < limit; i++) {
        uint8_t byte = (uint8_t)bytes->at[i];
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0) {
            *bytes = (struct text){ bytes->at + i + 1, bytes->length - i - 1 };
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool bytes_take(struct text *bytes, uint64_t length, struct text *ret_taken)
{
    if (length > bytes->length)
        return false;
    *ret_taken = (struct text){ bytes->at, (size_t)length };
    *bytes = (struct text){ bytes->at + length, bytes->length - (size_t)length };
    return true;
}

/* The indexes are a counted list of zigzag varints, of which a lone 0 is short for "the first message". */
static bool index_take(struct text *bytes, uint64_t *ret_index)
{
    uint64_t zigzag;
    if (!varint_take(bytes, 5, &zigzag) || (zigzag & 1) != 0)
        return false;
    *ret_index = zigzag >> 1;
    return true;
}

bool wire_frame_strip(struct text *value)
{
    if (value->length == 0 || value->at[0] != 0)
        return true;
    struct text rest = *value, head;
    uint64_t count, index;
    if (!bytes_take(&rest, FRAME_HEAD_BYTES, &head) || !index_take(&rest, &count))
        return false;
    for (; count > 0; count--)
        if (!index_take(&rest, &index))
            return false;
    *value = rest;
    return true;
}

/* Where in the message the scan stands: a list on the stack from the field up to the root, spelled out only in a
 * fault. */
struct path {
    const struct path *parent;
    const char *name;
};

static size_t path_write(const struct path *path, char *buffer, size_t size)
{
    size_t length = path->parent == NULL ? 0 : path_write(path->parent, buffer, size);
    int more = snprintf(buffer + length, size - length, "%s%s", length == 0 ? "" : ".", path->name);
    return length + (size_t)more < size ? length + (size_t)more : size - 1;
}

/* Keeps the first finding of the gravest kind: the statuses stand in the order in which they are to be reported. */
static void finding_note(struct fault *finding, enum status status, const struct path *path)
{
    if (finding->status != STATUS_OK && finding->status <= status)
        return;
    char field[sizeof finding->field];
    path_write(path, field, sizeof field);
    fault_set(finding, status, field, "%s", status_sentence(status));
}

_Static_assert(
    STATUS_NOT_PROTOBUF < STATUS_BAD_UTF8 && STATUS_BAD_UTF8 < STATUS_FIELD_TOO_LONG, "findings go by gravity");

static bool name_ends(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);
    return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

/* An event id may be as long as other texts: of a change that a list makes it holds the list's id and more. */
static size_t text_limit(const char *name)
{
    bool named = name_ends(name, "name") || name_ends(name, "_id") || name_ends(name, "_ids");
    return named && strcmp(name, "event_id") != 0 ? WIRE_NAME_LIMIT : WIRE_TEXT_LIMIT;
}

static void text_scan(struct text text, const struct path *path, struct fault *finding)
{
    if (!text_is_utf8(text))
        finding_note(finding, STATUS_BAD_UTF8, path);
    else if (text.length > WIRE_NAME_LIMIT && text.length > text_limit(path->name))
        finding_note(finding, STATUS_FIELD_TOO_LONG, path);
}

static bool scan(
    const ProtobufCMessageDescriptor *descriptor, const struct path *parent, struct text bytes, struct fault *finding);

/* Takes what follows a tag of this wire type; groups, which proto3 does not have, are refused as protobuf-c does. */
static bool content_take(struct text *bytes, unsigned type, struct text *ret_content)
{
    uint64_t number;
    switch (type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return varint_take(bytes, VARINT_BYTES, &number);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return bytes_take(bytes, 8, ret_content);
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        return varint_take(bytes, 5, &number) && bytes_take(bytes, number, ret_content);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return bytes_take(bytes, 4, ret_content);
    default:
        return false;
    }
}

/* A text is looked at, a message is gone into; a singular message for the second time is not sound. Depth is bounded
 * by the schema, which has no message inside itself. `ret_seen` has a bit per field, and no message has more than
 * 64. */
static bool content_scan(const ProtobufCMessageDescriptor *descriptor, const ProtobufCFieldDescriptor *field,
    struct text content, const struct path *path, struct fault *finding, uint64_t *ret_seen)
{
    if (field->type == PROTOBUF_C_TYPE_STRING)
        text_scan(content, path, finding);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return true;
    uint64_t bit = UINT64_C(1) << (field - descriptor->fields);
    if (field->label != PROTOBUF_C_LABEL_REPEATED && (*ret_seen & bit) != 0)
        return false;
    *ret_seen |= bit;
    return scan(field->descriptor, path, content, finding);
}

/* NULL for a number that the message does not have. Where numbers have no gaps a field stands at its number. */
static const ProtobufCFieldDescriptor *field_find(const ProtobufCMessageDescriptor *descriptor, uint32_t number)
{
    if (number <= descriptor->n_fields && descriptor->fields[number - 1].id == number)
        return &descriptor->fields[number - 1];
    return protobuf_c_message_descriptor_get_field(descriptor, number);
}

static bool scan(
    const ProtobufCMessageDescriptor *descriptor, const struct path *parent, struct text bytes, struct fault *finding)
{
    uint64_t seen = 0, tag;
    CHECK(descriptor->n_fields <= 64);
    while (bytes.length != 0) {
        struct text content = TEXT_EMPTY; /* a varint leaves it so */
        if (!varint_take(&bytes, 5, &tag) || tag >> 3 == 0 || tag > UINT32_MAX)
            return false;
        if (!content_take(&bytes, tag & 7, &content))
            return false;
        if ((tag & 7) != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            continue;
        const ProtobufCFieldDescriptor *field = field_find(descriptor, (uint32_t)(tag >> 3));
        if (field == NULL)
            continue;
        struct path path = { parent, field->name };
        if (!content_scan(descriptor, field, content, &path, finding, &seen))
            return false;
    }
    return true;
}

enum status wire_scan(const ProtobufCMessageDescriptor *descriptor, struct text value, struct fault *fault)
{
    struct fault finding; /* as large as it is, and seldom needed: only its status is begun */
    finding.status = STATUS_OK;
    if (!scan(descriptor, NULL, value, &finding))
        return fault_set(fault, STATUS_NOT_PROTOBUF, "", "%s", status_sentence(STATUS_NOT_PROTOBUF));
    if (finding.status != STATUS_OK)
        return fault_set(fault, finding.status, finding.field, "%s", finding.text);
    return STATUS_OK;
}
