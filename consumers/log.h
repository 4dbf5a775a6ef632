/** The ordered input and the transactional output of a worker, as one small interface: Kafka, or memory for `replay`
 *  and the simulation. One thread uses a log. Nothing here knows what a record means. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct log_header {
    struct text name;
    struct text value;
};

/** A record as it came. Everything is lent by the log until `release`. */
struct log_record {
    int topic; /* index into the topics the log was opened with */
    int32_t partition;
    int32_t partition_count; /* of its topic; 0: not known */
    int64_t offset;
    instant appended_at;
    struct text key;
    struct text value;
    bool has_value; /* false: a tombstone */
    const struct log_header *headers;
    size_t header_count;
    void *handle; /* the log's own */
};

/** Of an input's headers so many bytes at most go into an output, so that nothing that came in is too large to go
 *  out. */
#define LOG_HEADERS_PASSED_BYTES 32768
/** How many of the record's headers, from the first on, are that. What a header takes beside its texts counts: there
 *  may be very many empty ones. */
static inline size_t log_headers_passed(const struct log_record *record)
{
    size_t bytes = 0, count = 0;
    for (; count < record->header_count; count++) {
        bytes += record->headers[count].name.length + record->headers[count].value.length + 16;
        if (bytes > LOG_HEADERS_PASSED_BYTES)
            break;
    }
    return count;
}

/** Instead of a partition: a copy to each partition that the topic has. */
#define LOG_EVERY_PARTITION (-2)

/** A record to write. The log copies what it needs before `commit` returns. */
struct log_output {
    const char *topic;
    int32_t
        partition; /* -1: by the key, as every Kafka client does by default (murmur2), so that persons stay together */
    struct text key;
    struct text value;
    const struct log_header *headers;
    size_t header_count;
};

/** A position of one topic of one partition: the next offset to read. -1: none. */
struct log_position {
    int topic;
    int32_t partition;
    int64_t offset;
};

enum log_event_kind {
    LOG_NOTHING,  /* nothing came within the time */
    LOG_RECORD,   /* `record` */
    LOG_END,      /* `position`: the reader stands at the end of this topic and partition (transaction markers passed).
                  * Said after each `start`, and again whenever more has come and was read */
    LOG_ASSIGNED, /* `partitions`: this worker now owns exactly these; nothing is read before `start` */
    LOG_REVOKED,  /* all are gone; what is not committed is somebody else's now. The log has already let go of them */
};

struct log_event {
    enum log_event_kind kind;
    struct log_record record;
    struct log_position position;
    const int32_t *partitions; /* lent until the next poll */
    size_t partition_count;
};

struct log;

struct log_ops {
    /** The next event, waiting at most `wait_ms`. OK; KAFKA_UNREACHABLE (all brokers down: go on polling); FENCED;
     *  LOG_TRUNCATED (the position asked for is no longer there; `fault` names topic and partition). */
    enum status (*poll)(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault);
    /** Gives back a record's memory. */
    void (*release)(struct log *log, struct log_record *record);

    /** Begins (or begins anew) reading at exactly these positions: records fetched before are gone, and of what is
     *  owned but not named nothing comes. OK; KAFKA_UNREACHABLE: call again; LOG_TRUNCATED. */
    enum status (*start)(struct log *log, const struct log_position *positions, size_t count, struct fault *fault);
    /** Delivers no record until the next `start`; `poll` goes on telling of the group. */
    void (*stop)(struct log *log);

    /** The group's committed offsets (read committed: a pending transaction is waited for). Fills `offset` of each
     *  position. */
    enum status (*committed)(struct log *log, struct log_position *positions, size_t count, struct fault *fault);

    /** One transaction: these records and these group offsets, all or nothing. OK means committed. TRANSACTION_FAILED:
     *  aborted, or nobody knows; call `reopen`, read `committed`, recover. FENCED: stop. */
    enum status (*commit)(struct log *log, const struct log_output *outputs, size_t output_count,
        const struct log_position *positions, size_t position_count, struct fault *fault);
    /** Throws the producer away and makes a new one under the same transactional id, which settles the old transaction.
     *  OK, or KAFKA_UNREACHABLE: call again. */
    enum status (*reopen)(struct log *log, struct fault *fault);

    /** Leaves the group and frees everything. */
    void (*close)(struct log *log);
};

/** Every implementation begins with this. */
struct log {
    const struct log_ops *ops;
};
