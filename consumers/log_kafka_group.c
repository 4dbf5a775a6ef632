#include "consumers/log_kafka_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_PATIENCE_MS 5000 /* the group has just answered, so the brokers are there */

void log_kafka_note_down(struct log_kafka *log, const char *cause)
{
    log->is_down = true;
    snprintf(log->cause, sizeof log->cause, "%s", cause);
}

static int partition_order(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* The distinct partition numbers of an assignment, in order. */
static void note_partitions(struct log_kafka *log, const rd_kafka_topic_partition_list_t *list)
{
    free(log->partitions);
    log->partitions = calloc((size_t)list->cnt + 1, sizeof *log->partitions);
    CHECK(log->partitions != NULL);
    for (int i = 0; i < list->cnt; i++)
        log->partitions[i] = list->elems[i].partition;
    qsort(log->partitions, (size_t)list->cnt, sizeof *log->partitions, partition_order);
    log->partition_count = 0;
    for (int i = 0; i < list->cnt; i++)
        if (log->partition_count == 0 || log->partitions[log->partition_count - 1] != log->partitions[i])
            log->partitions[log->partition_count++] = log->partitions[i];
}

void log_kafka_give(struct log_kafka *log, const int32_t *partitions, size_t count)
{
    log->partitions = calloc(count + 1, sizeof *log->partitions);
    CHECK(log->partitions != NULL);
    memcpy(log->partitions, partitions, count * sizeof *partitions);
    log->partition_count = count;
    log->is_assigned = true;
}

/* Every partition has to be there of every topic, or a person's facts would be read by two workers. */
static bool is_complete(struct log_kafka *log, const rd_kafka_topic_partition_list_t *list)
{
    char cause[128];
    for (size_t i = 0; i < log->partition_count; i++)
        for (int topic = 0; topic < log->topic_count; topic++)
            if (rd_kafka_topic_partition_list_find(list, log->topics[topic], log->partitions[i]) == NULL) {
                snprintf(cause, sizeof cause, "topic %.60s has no partition %d, another input topic has",
                    log->topics[topic], (int)log->partitions[i]);
                log_kafka_note_down(log, cause);
                log->is_lacking = true;
                return false;
            }
    return true;
}

static void unassign(rd_kafka_t *consumer)
{
    rd_kafka_assign(consumer, NULL);
}

/* The assignment is acknowledged at once with an empty one, so that the group goes on while a worker recovers; `start`
 * then assigns what is to be read. */
static void acknowledge(rd_kafka_t *consumer)
{
    rd_kafka_topic_partition_list_t *empty = rd_kafka_topic_partition_list_new(0);
    rd_kafka_assign(consumer, empty);
    rd_kafka_topic_partition_list_destroy(empty);
}

void log_kafka_on_rebalance(
    rd_kafka_t *consumer, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct log_kafka *log = opaque;
    if (error != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        unassign(consumer);
        log->is_revoked = true;
        log->is_assigned = false;
        return;
    }
    acknowledge(consumer);
    note_partitions(log, list);
    log->is_assigned = is_complete(log, list);
    if (log->is_assigned)
        log->is_down = log->is_lacking = false;
}

void log_kafka_on_error(rd_kafka_t *client, int error, const char *reason, void *opaque)
{
    (void)client;
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || error == RD_KAFKA_RESP_ERR__AUTHENTICATION
        || error == RD_KAFKA_RESP_ERR__RESOLVE || error == RD_KAFKA_RESP_ERR__SSL)
        log_kafka_note_down(opaque, reason);
}

/* How many partitions the topics have decides where a key is at home. False: Kafka did not say; ask again. */
bool log_kafka_count_partitions(struct log_kafka *log)
{
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(log->consumer, 0, NULL, &metadata, COUNT_PATIENCE_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    log->topic_partitions = 0;
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, log->topics[0]) == 0)
            log->topic_partitions = metadata->topics[i].partition_cnt;
    rd_kafka_metadata_destroy(metadata);
    return log->topic_partitions > 0;
}

bool log_kafka_take_group_event(struct log_kafka *log, struct log_event *ret_event)
{
    if (log->is_revoked) {
        log->is_revoked = false;
        *ret_event = (struct log_event){ .kind = LOG_REVOKED };
        return true;
    }
    if (!log->is_assigned || !log_kafka_count_partitions(log) || !log_kafka_learn_homes(log))
        return false; /* an assignment is told once its topics are known, which they are or will be soon */
    log->is_assigned = false;
    *ret_event = (struct log_event){
        .kind = LOG_ASSIGNED, .partitions = log->partitions, .partition_count = log->partition_count
    };
    return true;
}
