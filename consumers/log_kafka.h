/** The log over Apache Kafka, with librdkafka: a consumer in a group with `range` assignment, and a transactional
 *  producer.
 *
 *  Nothing here waits for Kafka to be there: `poll` says KAFKA_UNREACHABLE until it is. What the header of log.h
 *  promises holds; beyond it: a producer that was fenced, timed out or failed in any way is thrown away in `commit` and
 *  made anew in `reopen`, under the same transactional id, which settles what the old one left. */
#pragma once

#include "consumers/log.h"

/** Whose a property is. */
enum log_kafka_client { LOG_KAFKA_BOTH, LOG_KAFKA_CONSUMER, LOG_KAFKA_PRODUCER };

/** A librdkafka property, passed through: "security.protocol", "sasl.username" ... Of those for both clients, what only
 *  one of them knows does nothing to the other. */
struct log_kafka_property {
    const char *name;
    const char *value;
    enum log_kafka_client client;
};

/** All lent until `log_kafka_new` returns, but `topics`, which outlives the log. */
struct log_kafka_config {
    const char *brokers;
    const char *group;
    const char *instance;         /* group.instance.id; NULL: a dynamic member, which leaves the group when closed */
    const char *transactional_id; /* unique among all workers of the group, and the same after a restart; NULL: for
                                   * reading only */
    const int32_t *partitions;    /* NULL: what the group gives. Else these, for good: the group is not joined, only
                                   * asked for its offsets */
    size_t partition_count;
    const char *const *topics; /* NULL-terminated */
    bool sends_home; /* records that came to another partition than that of their key are sent on, so that topics may
                      * grow; else a group that began with fewer partitions is not served */
    const struct log_kafka_property *properties;
    size_t property_count;
};

/** BAD_CONFIG (a property that librdkafka does not know or take), SYSTEM, or OK. The caller owns the log. */
NODISCARD enum status log_kafka_new(const struct log_kafka_config *config, struct log **ret_log, struct fault *fault);

/** Among how many partitions keys are at home, as the metadata of a committed offset says. 0: it says nothing, as
 *  those of the first version. */
int32_t log_kafka_read_homes(const void *metadata, size_t length);
