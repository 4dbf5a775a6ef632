/** What the files of the Kafka log share; nobody else includes it. */
#pragma once

#include "consumers/log_kafka.h"

#include <librdkafka/rdkafka.h>

#define LOG_TOPICS_MAX 64 /* output topics whose handle is kept */

struct output_topic {
    char *name;
    rd_kafka_topic_t *handle;
};

struct log_kafka {
    struct log log;
    const char *const *topics;
    int topic_count;
    rd_kafka_t *consumer;
    rd_kafka_conf_t *producer_conf; /* the pattern of each new producer */
    rd_kafka_t *producer;           /* NULL: `reopen` first */
    bool is_disturbed;              /* a connection of the producer broke since its last transaction began */
    struct output_topic outputs[LOG_TOPICS_MAX];
    size_t output_count;

    /* What the rebalance callback has noted and `poll` has not told yet. */
    bool is_revoked, is_assigned;
    int32_t *partitions; /* of the last assignment, sorted */
    size_t partition_count;
    int32_t topic_partitions; /* how many the first topic has, as of the last assignment; all are co-partitioned */
    int32_t home_partitions;  /* of these the first so many are where keys are at home */
    bool sends_home;

    bool is_down;    /* no broker can be reached */
    bool is_lacking; /* a topic or a right to it is not there: until the next assignment or record */
    char cause[128];
};

static inline struct log_kafka *log_kafka_of(struct log *log)
{
    return (struct log_kafka *)log;
}

/* log_kafka_conf.c */
enum status log_kafka_configure(struct log_kafka *log, const struct log_kafka_config *config,
    rd_kafka_conf_t **ret_consumer_conf, struct fault *fault);

/* log_kafka_group.c */
void log_kafka_on_rebalance(
    rd_kafka_t *consumer, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *list, void *opaque);
void log_kafka_on_error(rd_kafka_t *client, int error, const char *reason, void *opaque);
/** An assignment that no group made. */
void log_kafka_give(struct log_kafka *log, const int32_t *partitions, size_t count);
bool log_kafka_take_group_event(struct log_kafka *log, struct log_event *ret_event);
bool log_kafka_count_partitions(struct log_kafka *log);
void log_kafka_note_down(struct log_kafka *log, const char *cause);

/* log_kafka_homes.c */
/** False: Kafka did not say, ask again; or it said what cannot be worked with, and `poll` tells it. */
bool log_kafka_learn_homes(struct log_kafka *log);
/** Writes the number beside offsets that are to be committed. */
void log_kafka_tell_homes(const struct log_kafka *log, rd_kafka_topic_partition_list_t *list);

/* log_kafka_produce.c */
enum status log_kafka_commit(struct log *log, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault);
enum status log_kafka_reopen(struct log *log, struct fault *fault);
void log_kafka_drop_producer(struct log_kafka *log);

/* log_kafka.c */
rd_kafka_topic_partition_list_t *log_kafka_list(
    const struct log_kafka *log, const struct log_position *positions, size_t count);
