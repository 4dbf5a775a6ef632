/** Reading topics to their ends with partitions assigned by hand: no group is joined, nothing is committed. */
#pragma once

#include "cli/kafka.h"

struct kafka_reading {
    const struct command *command;
    const struct config *config;
    const char *const *topics; /* NULL-terminated */
    bool from_beginning;       /* false: what comes from now on */
    bool uncommitted;          /* also what transactions have not committed, or have aborted */
};

struct kafka_reader;

enum kafka_read {
    KAFKA_READ_NOTHING, /* nothing came within the time */
    KAFKA_READ_RECORD,
    KAFKA_READ_END, /* every partition has been read to an end; more may come */
    KAFKA_READ_FAILED,
};

/** NULL after a complaint; the caller owns it. */
struct kafka_reader *kafka_reader_new(const struct kafka_reading *reading);
/** A record is the caller's: rd_kafka_message_destroy. FAILED: it was complained. */
enum kafka_read kafka_reader_next(struct kafka_reader *reader, int wait_ms, rd_kafka_message_t **ret_message);
/** Asks where the ends are now: END is told again when they are reached, at once where nothing has come. False after a
 *  complaint. */
bool kafka_reader_ask_ends(struct kafka_reader *reader);
void kafka_reader_free(struct kafka_reader *reader);

/** Every record there is, to the ends as they are now. False after a complaint: also when the ends are not reached
 *  within `patience_ms` of the last record. */
bool kafka_reader_drain(struct kafka_reader *reader, int patience_ms,
    void (*take)(void *context, const rd_kafka_message_t *message), void *context);

/** Whether nothing was ever deleted from its topics. False after a complaint. */
bool kafka_reader_has_beginning(struct kafka_reader *reader);
/** How many partitions a topic has; 0 after a complaint. */
int32_t kafka_reader_partitions(const struct kafka_reader *reader, const char *topic);
