/** One pass over the bytes of a message before it is unpacked: is it sound, and are its texts what proto3 says they
 *  are? */
#pragma once

#include "base/status.h"
#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

/** Takes the schema registry's frame (0x00, 4-byte schema id, message indexes) off a value that begins with one.
 *  False when it begins like a frame and is none. Nothing is guessed: no message begins with 0x00, field number zero
 *  does not exist. Which message the indexes mean only the registry knows; that they can be read is all that is
 *  asked. */
bool wire_frame_strip(struct text *value);

/** OK, NOT_PROTOBUF, BAD_UTF8 or FIELD_TOO_LONG, in this order of precedence wherever they stand; `fault` says which
 *  field. */
NODISCARD enum status wire_scan(const ProtobufCMessageDescriptor *descriptor, struct text value, struct fault *fault);
