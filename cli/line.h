/** A JSON line to a record and back: `{"topic": "discharge", "value": {…}}`.
 *
 *  Beside topic and value a line may have `key`, `headers` (an object of texts) and `timestamp` (RFC 3339); instead of
 *  value `raw`, base64 of bytes that need be no message. `partition` and `offset`, as `settledctl tail` prints them,
 *  are read over, so that what was printed can be replayed and sent again. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "cli/topic.h"
#include "consumers/log.h"

#include <jansson.h>

/** A record of an input topic. Everything lives in the arena it was read into. */
struct line {
    const struct topic *topic;
    struct log_output record; /* key: as given, else the person, else the list's four words */
    instant at;               /* as given, else the message's recorded_at, else the epoch */
    bool has_timestamp;       /* it was given */
    struct text event_id;     /* of the message; of a list "roster_id/part"; empty for raw bytes */
    struct text source;
    instant recorded_at;
};

/** What is wrong is in `fault`, without quoting any value: BAD_VALUE, UNKNOWN_ENUM, BAD_DATE, BAD_UTF8, TOO_LARGE;
 *  ARENA_FULL. */
NODISCARD enum status line_read(struct arena *arena, struct text json, struct line *ret_line, struct fault *fault);

/** The value of a record as the message of its topic; protobuf_c_message_free_unpacked(…, NULL) when done. Texts and
 *  the whole may be longer than an input's: a rejection holds a record within. NOT_PROTOBUF, BAD_UTF8, SYSTEM. */
NODISCARD enum status line_unpack(
    const struct topic *topic, struct text value, ProtobufCMessage **ret_message, struct fault *fault);

/** The same as JSON; the caller owns it (json_decref). Also BAD_DATE, as proto/json.h says. */
NODISCARD enum status line_value(const struct topic *topic, struct text value, json_t **ret_json, struct fault *fault);
