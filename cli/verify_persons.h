/** The reconciliation of every person, beside a processor that goes on working.
 *
 *  Kafka commits first and Redis is written second, so the topic is read to its end before Redis. Who differs then may
 *  only have been settled in between: such persons are read again, after the topic, until they agree, or until their
 *  stored value is the same as the last time and Redis has come as far as the group. What differs then is a
 *  difference. */
#pragma once

#include "cli/kafka_reader.h"
#include "cli/verify_offsets.h"
#include "cli/verify_report.h"
#include "state/store.h"

struct verify_request {
    const struct command *command;
    struct store *store;            /* of the person stage */
    struct kafka_reader *topic;     /* `settlement`, from the beginning */
    struct verify_offsets *offsets; /* open */
    const uint8_t *secret;
    FILE *stream; /* for the differences */
};

/** Fills the book, which was begun, and the total. False after a complaint: it could not be done. */
bool verify_persons(const struct verify_request *request, struct verify_book *book, struct verify_total *ret_total);
