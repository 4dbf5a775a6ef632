/** What reading and writing JSON share about fields: names, sizes, where one stands. For proto/json_*.c alone. */
#pragma once

#include "base/day.h"
#include "base/status.h"
#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

#define FIELD_NAME_SIZE 64

/** Where in a document: a chain up to the root, on the stack of whoever goes down. */
struct json_place {
    const struct json_place *up;   /* NULL: this is the root */
    const char *name;              /* lent; an identifier, never a person's data; NULL for the root */
    int64_t index;                 /* of a list's element; -1: the field itself */
    int depth;                     /* 0 for the root, 1 for its fields */
    ProtobufCAllocator *allocator; /* of the whole walk: what is read comes from it; NULL is malloc */
    struct fault *fault;           /* of the whole walk: where it reports to; may be NULL */
};

struct json_place json_place_root(ProtobufCAllocator *allocator, struct fault *fault);
/** The place of the field `name` of the message at `up`, and that of an element of the list at `list`. */
struct json_place json_place_field(const struct json_place *up, const char *name);
struct json_place json_place_item(const struct json_place *list, size_t index);

/** Reports the path of `place` and returns `status`. `sentence` quotes nothing of the document. */
enum status json_refuse(const struct json_place *place, enum status status, const char *sentence);
/** The same for memory: ARENA_FULL when a given allocator is exhausted, SYSTEM when malloc is. */
enum status json_no_memory(const struct json_place *place);

/** "total_fen" -> "totalFen", as protoc does it; `buffer` has FIELD_NAME_SIZE bytes. Returns buffer. */
const char *json_field_name(const ProtobufCFieldDescriptor *field, char *buffer);

/** Whether the field of `type` was declared as a map: see json.h for how that is told. */
bool json_field_is_map(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field);

/** Bytes of one value of the field in the C struct, or in the array of a repeated one. */
size_t json_field_size(const ProtobufCFieldDescriptor *field);

/** Exactly an RFC 3339 instant with upper-case T and Z or ±HH:MM, up to nine decimals, years 1 to 9999 in UTC. */
bool json_instant_parse(struct text text, instant *ret_instant);

static inline bool json_field_in_oneof(const ProtobufCFieldDescriptor *field)
{
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}
