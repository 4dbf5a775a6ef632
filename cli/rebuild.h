/** Builds what is stored of one partition of one stage again, from the first record of its topics, by the engine's own
 *  recovery: with outputs suppressed and nothing committed. Into whatever store is given. */
#pragma once

#include "consumers/engine.h"

struct rebuild;

/** `log` reads the partition's topics (log_kafka.h with `partitions`, or memory). */
struct rebuild_parts {
    struct engine_config config;
    int32_t partition;
    struct log *log;
    struct store *store;
    struct stage *stage;
};

/** Takes over the log; lends the rest for its life. BAD_CONFIG, SYSTEM. The caller owns it. */
NODISCARD enum status rebuild_new(const struct rebuild_parts *parts, struct rebuild **ret_rebuild, struct fault *fault);
void rebuild_free(struct rebuild *rebuild);

/** Goes on to what the group has committed. OK; what stopped the partition, or a status of class STOP, with `fault`.
 *  Waits for Kafka and the store as the processor does, saying so in the log. */
NODISCARD enum status rebuild_to_committed(struct rebuild *rebuild, struct fault *fault);
/** Goes on to the positions that an offsets text of a store says. Also BAD_STATE, NEWER_STATE: not such a text;
 *  STORE_MOVED_ON: it lies before what is built already. */
NODISCARD enum status rebuild_to_offsets(struct rebuild *rebuild, struct text offsets, struct fault *fault);

/** How many records were read. */
uint64_t rebuild_records(const struct rebuild *rebuild);
