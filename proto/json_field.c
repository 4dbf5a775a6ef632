#include "proto/json_field.h"

#include <stdio.h>
#include <string.h>

struct json_place json_place_root(ProtobufCAllocator *allocator, struct fault *fault)
{
    return (struct json_place){ .index = -1, .allocator = allocator, .fault = fault };
}

struct json_place json_place_field(const struct json_place *up, const char *name)
{
    struct json_place place = json_place_root(up->allocator, up->fault);
    place.up = up;
    place.name = name;
    place.depth = up->depth + 1;
    return place;
}

struct json_place json_place_item(const struct json_place *list, size_t index)
{
    struct json_place item = *list;
    item.index = (int64_t)index;
    return item;
}

/* Writes the path and returns its length; what does not fit is cut, as in every fault. */
static size_t path_write(const struct json_place *place, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (place->up == NULL)
        return 0;
    size_t used = path_write(place->up, buffer, size);
    const char *point = used == 0 ? "" : ".";
    if (place->index < 0)
        snprintf(buffer + used, size - used, "%s%s", point, place->name);
    else
        snprintf(buffer + used, size - used, "%s%s[%lld]", point, place->name, (long long)place->index);
    return strlen(buffer);
}

enum status json_refuse(const struct json_place *place, enum status status, const char *sentence)
{
    char path[sizeof place->fault->field];
    path_write(place, path, sizeof path);
    return fault_set(place->fault, status, path, "%s", sentence);
}

enum status json_no_memory(const struct json_place *place)
{
    if (place->allocator == NULL)
        return json_refuse(place, STATUS_SYSTEM, "out of memory");
    return json_refuse(place, STATUS_ARENA_FULL, "the allocator is exhausted");
}

/* Writes a copy without underscores whose letters after them are upper case. */
static size_t camel_write(const char *name, bool capital, char *buffer)
{
    size_t used = 0;
    for (; *name != '\0'; name++) {
        if (*name == '_') {
            capital = true;
            continue;
        }
        bool raise = capital && *name >= 'a' && *name <= 'z';
        buffer[used++] = raise ? (char)(*name - 'a' + 'A') : *name;
        capital = false;
    }
    buffer[used] = '\0';
    return used;
}

const char *json_field_name(const ProtobufCFieldDescriptor *field, char *buffer)
{
    CHECK(strlen(field->name) < FIELD_NAME_SIZE);
    camel_write(field->name, false, buffer);
    return buffer;
}

/* Whether `entry` bears the name that protoc gives the entries of a map `field` in `type`. */
static bool is_entry_name(
    const ProtobufCMessageDescriptor *entry, const ProtobufCMessageDescriptor *type, const char *field)
{
    char expected[FIELD_NAME_SIZE + sizeof "Entry"];
    CHECK(strlen(field) < FIELD_NAME_SIZE);
    size_t used = camel_write(field, true, expected);
    memcpy(expected + used, "Entry", sizeof "Entry");
    size_t parent = strlen(type->name);
    return strncmp(entry->name, type->name, parent) == 0 && entry->name[parent] == '.'
        && strcmp(entry->name + parent + 1, expected) == 0;
}

bool json_field_is_map(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    if (field->type != PROTOBUF_C_TYPE_MESSAGE || field->label != PROTOBUF_C_LABEL_REPEATED)
        return false;
    const ProtobufCMessageDescriptor *entry = field->descriptor;
    if (entry->n_fields != 2 || !is_entry_name(entry, type, field->name))
        return false;
    return entry->fields[0].id == 1 && strcmp(entry->fields[0].name, "key") == 0 && entry->fields[1].id == 2
        && strcmp(entry->fields[1].name, "value") == 0;
}

size_t json_field_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(uint32_t);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return sizeof(uint64_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    check_failed("a field without float", __FILE__, __LINE__);
}
