/** Reading the JSON of one value that holds no other message. For proto/json_*.c alone.
 *  `into` is the value's place in a message or an array; on failure it stays untouched and nothing is left behind. */
#pragma once

#include "proto/json_field.h"

#include <jansson.h>

NODISCARD enum status json_scalar_read(
    const struct json_place *place, const ProtobufCFieldDescriptor *field, const json_t *json, void *into);

/** Fills a google.protobuf.Timestamp. */
NODISCARD enum status json_instant_read(const struct json_place *place, const json_t *json, ProtobufCMessage *message);

/** Memory of the walk's allocator; NULL when it has none left. */
void *json_take(const struct json_place *place, size_t size);
void json_give_back(const struct json_place *place, void *taken);
