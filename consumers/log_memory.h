/** A Kafka in memory, as far as an engine can tell: topics with partitions, one consumer group with range assignment
 *  and generations, transactions that leave a marker behind. For `replay`, tests and the simulation; one thread.
 *
 *  The broker outlives the logs opened on it, as Kafka outlives its clients: throwing a log away is a crash of its
 *  worker. */
#pragma once

#include "consumers/log.h"

struct memory_broker;

/** Every topic has `partition_count` partitions and exists from its first mention. NULL when out of memory. */
struct memory_broker *memory_broker_new(int32_t partition_count);
/** Close all logs first. */
void memory_broker_free(struct memory_broker *broker);

/** Appends a copy of `record`, as a producer outside of the group would. Returns its offset. */
int64_t memory_broker_append(struct memory_broker *broker, const struct log_output *record, instant appended_at);
/** The next offset of a partition; offsets taken by transaction markers count. */
int64_t memory_broker_end(const struct memory_broker *broker, const char *topic, int32_t partition);
/** The record at an offset below the end, lent by the broker; NULL where a marker stands. */
const struct log_output *memory_broker_record(
    const struct memory_broker *broker, const char *topic, int32_t partition, int64_t offset);
/** The group's committed offset, or -1. */
int64_t memory_broker_committed(const struct memory_broker *broker, const char *topic, int32_t partition);

/** Joins the group. `topics` is NULL-terminated and outlives the log. NULL when out of memory. */
struct log *log_memory_new(struct memory_broker *broker, const char *const *topics);
/** The group takes this member for dead, as after a session time-out: its partitions go to the others, its next commit
 *  fails, its next poll joins anew. */
void log_memory_expel(struct log *log);
