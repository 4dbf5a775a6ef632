/** The envelope of an output: its message packed, and headers that say what it is (CloudEvents 1.0, binary mode), so
 *  that a reader that knows neither topic nor order can tell. Everything is taken from the arena of the outputs. */
#pragma once

#include "consumers/log.h"
#include "consumers/stage.h"

#include <protobuf-c/protobuf-c.h>

/** What is said about an output. All of it is lent, and outlives the batch or lies in its arena. */
struct envelope {
    const char *topic;              /* "settlement" */
    const char *type;               /* "settled.v1.Settlement": ce_type */
    struct text id;                 /* a function of the cause: ce_id, by which a reader drops repeats */
    struct text region;             /* ce_source is "/settled/<region>"; empty: "/settled" */
    instant at;                     /* ce_time */
    struct text key;                /* of the record */
    const struct log_record *cause; /* its traceparent, if it has one, is passed on; NULL: none */
};

/** The headers that `producer_envelope_headers` writes at most: ce_specversion, ce_id, ce_source, ce_type, ce_time,
 *  content-type, traceparent. */
#define ENVELOPE_HEADER_LIMIT 7

/** Writes the headers to `headers` (room for ENVELOPE_HEADER_LIMIT). OK or ARENA_FULL. */
NODISCARD enum status producer_envelope_headers(
    struct arena *arena, const struct envelope *envelope, struct log_header *headers, size_t *ret_count);

/** Packs `message` and appends the record, to be put on the partition of its key. OK or ARENA_FULL. */
NODISCARD enum status producer_envelope_emit(
    struct outputs *outputs, const struct envelope *envelope, const ProtobufCMessage *message);
