/** Protobuf bytes to protobuf-c structures and back, in an arena: what every edge does before it checks or after it
 *  decides.
 *
 *  protobuf-c 1.4 lets pass what must not pass: text that is not UTF-8, a NUL in a text (which then comes out
 *  shorter than it was sent), and a part given twice (Costs with the total, then Costs with the rest), of which
 *  proto3 makes one and protobuf-c forgets the first half's amounts. So every value is scanned first (wire_scan.h),
 *  and only what is sound is unpacked. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

/** A broker's default limit is a million bytes with its overhead; more than this we do not read. */
#define WIRE_VALUE_LIMIT 900000
/** What one value may take when unpacked: protobuf-c notes every field it meets, also those it does not know. */
#define WIRE_UNPACKED_LIMIT ((size_t)16 << 20)
/** Bytes of a text field: names and ids, and everything else, event ids included. */
#define WIRE_NAME_LIMIT 128
#define WIRE_TEXT_LIMIT 512

/** Unpacks `value`, less the schema registry's frame if it has one. The message lives in the arena and lends nothing
 *  from `value`. In this order: EMPTY, TOO_LARGE, NOT_PROTOBUF, BAD_UTF8, FIELD_TOO_LONG (the last two name the
 *  field by its path, "institution.name"); or ARENA_FULL. Unknown fields are ignored. */
NODISCARD enum status wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena, struct text value,
    const ProtobufCMessage **ret_message, struct fault *fault);

/** The deterministic bytes of a message: fields by number, defaults left out. OK or ARENA_FULL, also when an earlier
 *  take failed, so that a message may be put together with `wire_text` unchecked. */
NODISCARD enum status wire_pack(const ProtobufCMessage *message, struct arena *arena, struct text *ret_value);

/** The text as protobuf-c wants it: a copy with a NUL behind it. An empty text when the arena is full; wire_pack
 *  then fails. */
char *wire_text(struct arena *arena, struct text text);
