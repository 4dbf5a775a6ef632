/** The canonical proto3 JSON mapping over protobuf-c's descriptors: any message to JSON and back, by jansson.
 *
 *  Reading takes lowerCamelCase and the original names, 64-bit integers as strings or as numbers, enums by name or
 *  number, RFC 3339 instants with any offset, standard and url-safe base64; null is unset. It refuses what a person
 *  would want to know about: unknown fields, repeated keys, a second member of a oneof, values that do not fit, an
 *  `…_UNSPECIFIED` name. A number written with a point or an exponent must be whole and within 2^53, where a double
 *  is exact.
 *
 *  proto3 messages only, without float or double and with maps keyed by strings: ours have no others (CHECK). A
 *  nested message `<Field>Entry` of exactly `key = 1, value = 2` behind a repeated field is a map entry, which is
 *  what protoc makes of a map; protobuf-c 1.4 carries no other mark of it. Shares nothing between threads. */
#pragma once

#include "base/status.h"
#include "base/text.h"

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

/** A longer text is refused before it is parsed. Kafka takes records of a megabyte, which are a few of JSON. */
#define PROTO_JSON_BYTES_MAX ((size_t)4 << 20)
/** Messages within messages, as protobuf's own implementations bound them. */
#define PROTO_JSON_DEPTH_MAX 100

/** Reads one JSON object into a new message of `type`, made by `allocator` (NULL: malloc); the caller owns it and
 *  gives it back by protobuf_c_message_free_unpacked with the same allocator. On failure nothing is left behind and
 *  `fault->field` is the path in the sender's spelling, such as "costs.totalFen" or "rows[3].personId"; no value is
 *  ever quoted. TOO_LARGE, BAD_UTF8, BAD_VALUE (also: not JSON, unknown field), UNKNOWN_ENUM, BAD_DATE; ARENA_FULL
 *  when the allocator gives nothing, SYSTEM when malloc does not. */
NODISCARD enum status proto_json_read(const ProtobufCMessageDescriptor *type, struct text json,
    ProtobufCAllocator *allocator, ProtobufCMessage **ret_message, struct fault *fault);

/** The same from a parsed value, which stays the caller's and unchanged: for a message inside other JSON. */
NODISCARD enum status proto_json_read_value(const ProtobufCMessageDescriptor *type, json_t *json,
    ProtobufCAllocator *allocator, ProtobufCMessage **ret_message, struct fault *fault);

/** Parses JSON as strictly as the two above do, no key twice, for JSON that messages stand in; the caller owns it
 *  (json_decref). TOO_LARGE, BAD_UTF8, BAD_VALUE, SYSTEM; nothing is quoted. */
NODISCARD enum status proto_json_parse(struct text json, json_t **ret_json, struct fault *fault);

/** Writes a message as a new JSON object, fields in order of number, unset ones left out; the caller owns it
 *  (json_decref). BAD_UTF8, BAD_DATE (an instant outside of years 1 to 9999), BAD_VALUE (too deep), SYSTEM. */
NODISCARD enum status proto_json_write_value(const ProtobufCMessage *message, json_t **ret_json, struct fault *fault);

/** The same as one line of text without its newline; the caller frees it. */
NODISCARD enum status proto_json_write(const ProtobufCMessage *message, char **ret_text, struct fault *fault);
