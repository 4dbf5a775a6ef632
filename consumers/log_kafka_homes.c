/* How many partitions persons live in. It is decided once, by the first commit of the group, and kept beside each
 * committed offset since: a topic may be given more partitions by anybody at any time, and then a person's records
 * come to another worker, which knows nothing of the person. So the first number stays; what comes by a later partition
 * is sent home (stage_person_home.c). */
#include "consumers/log_kafka_state.h"

#include "consumers/logline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 5000 /* the group has just answered, so the brokers are there */
#define FORM "homes=%d"

void log_kafka_tell_homes(const struct log_kafka *log, rd_kafka_topic_partition_list_t *list)
{
    char text[24];
    int length = snprintf(text, sizeof text, FORM, (int)log->home_partitions);
    for (int i = 0; i < list->cnt; i++) {
        list->elems[i].metadata = strdup(text); /* librdkafka frees it with the list */
        list->elems[i].metadata_size = (size_t)length;
    }
}

int32_t log_kafka_read_homes(const void *metadata, size_t length)
{
    char text[24] = "";
    int homes = 0;
    if (metadata == NULL || length >= sizeof text)
        return 0;
    memcpy(text, metadata, length);
    return sscanf(text, FORM, &homes) == 1 && homes > 0 ? homes : 0;
}

/* Of all partitions, also of those that others own. False: ask again. */
static bool ask_group(const struct log_kafka *log, int32_t *ret_least, int32_t *ret_most)
{
    int count = log->topic_count * (int)log->topic_partitions;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(count);
    for (int topic = 0; topic < log->topic_count; topic++)
        rd_kafka_topic_partition_list_add_range(list, log->topics[topic], 0, log->topic_partitions - 1);
    rd_kafka_resp_err_t error = rd_kafka_committed(log->consumer, list, PATIENCE_MS);
    for (int i = 0; i < list->cnt; i++) {
        int32_t homes = log_kafka_read_homes(list->elems[i].metadata, list->elems[i].metadata_size);
        *ret_most = homes > *ret_most ? homes : *ret_most;
        *ret_least = homes != 0 && (*ret_least == 0 || homes < *ret_least) ? homes : *ret_least;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool refuse(struct log_kafka *log, const char *cause)
{
    log_kafka_note_down(log, cause);
    log->is_lacking = true;
    log->is_assigned = false; /* until the next rebalance */
    return false;
}

bool log_kafka_learn_homes(struct log_kafka *log)
{
    char cause[128], homes[16], partitions[16];
    int32_t least = 0, most = 0;
    if (!ask_group(log, &least, &most))
        return false;
    log->home_partitions = least == 0 ? log->topic_partitions : least;
    if (log->home_partitions == log->topic_partitions && least == most)
        return true;
    snprintf(cause, sizeof cause, "the input topics have %d partitions, and had %d when this group began",
        (int)log->topic_partitions, (int)log->home_partitions);
    if (least != most || log->topic_partitions < log->home_partitions || !log->sends_home)
        return refuse(log, cause);
    snprintf(homes, sizeof homes, "%d", (int)log->home_partitions);
    snprintf(partitions, sizeof partitions, "%d", (int)log->topic_partitions);
    logline(LOGLINE_WARNING, "the input topics have grown: what comes by the new partitions is sent home", "homes",
        homes, "partitions", partitions, NULL);
    return true;
}
