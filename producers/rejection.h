/** Topic `rejection`: an input record that was refused, whole, with the reason. Whoever sent it finds its own key
 *  and headers on it. */
#pragma once

#include "consumers/log.h"
#include "consumers/stage.h"

/** A rejection must itself fit into a record (a broker's default limit is a million bytes), however large the
 *  refused one was: of a key and of the payload this much is kept, of the headers what log_headers_passed says, and
 *  `detail` says when the payload was cut. */
#define REJECTION_KEY_LIMIT 1024
#define REJECTION_PAYLOAD_LIMIT 900000

struct rejection {
    const struct log_record *record;
    const char *topic; /* the input's */
    instant at;        /* emitted_at */
};

/** Appends the rejection of `record` for the reason in `fault`. Key and headers are lent from the record until the
 *  outputs are committed; all else lies in the outputs' arena. OK or ARENA_FULL. */
NODISCARD enum status producer_rejection_emit(
    struct outputs *outputs, const struct rejection *rejection, const struct fault *fault);
