#include "consumers/log_kafka_state.h"

#include <stdlib.h>
#include <string.h>

/* Offsets of a transaction that is still open are waited for. Not for long: who does not poll in between loses its
 * partitions, and two workers that wait for each other's transactions would take them from one another in turns. */
#define COMMITTED_PATIENCE_MS 3000
#define PROBE_PATIENCE_MS 200

rd_kafka_topic_partition_list_t *log_kafka_list(
    const struct log_kafka *log, const struct log_position *positions, size_t count)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, log->topics[positions[i].topic], positions[i].partition)->offset =
            positions[i].offset;
    return list;
}

/* ---- Polling ---- */

static int topic_index(const struct log_kafka *log, const rd_kafka_message_t *message)
{
    const char *name = rd_kafka_topic_name(message->rkt);
    for (int i = 0; i < log->topic_count; i++)
        if (strcmp(log->topics[i], name) == 0)
            return i;
    return -1;
}

static void read_headers(rd_kafka_message_t *message, struct log_record *record)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t length;
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    struct log_header *copy = calloc(rd_kafka_header_cnt(headers) + 1, sizeof *copy);
    CHECK(copy != NULL);
    while (rd_kafka_header_get_all(headers, record->header_count, &name, &value, &length) == RD_KAFKA_RESP_ERR_NO_ERROR)
        copy[record->header_count++] = (struct log_header){ text_of(name), { value == NULL ? "" : value, length } };
    record->headers = copy;
}

static void fill_record(const struct log_kafka *log, rd_kafka_message_t *message, struct log_record *ret_record)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    *ret_record = (struct log_record){ .topic = topic_index(log, message),
        .partition = message->partition,
        .partition_count = log->home_partitions,
        .offset = message->offset,
        .appended_at = { ms / 1000, (int32_t)(ms % 1000 * 1000000) },
        .key = { message->key == NULL ? "" : message->key, message->key_len },
        .value = { message->payload == NULL ? "" : message->payload, message->len },
        .has_value = message->payload != NULL,
        .handle = message };
    read_headers(message, ret_record);
}

static enum status fatal(const struct log_kafka *log, struct fault *fault)
{
    char why[160];
    rd_kafka_resp_err_t error = rd_kafka_fatal_error(log->consumer, why, sizeof why);
    bool is_fenced = error == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
    return fault_set(fault, is_fenced ? STATUS_FENCED : STATUS_SYSTEM, "kafka", "%s", why);
}

/* An "event" of the consumer: the end of a partition, or something that is wrong. Most of it passes. */
static enum status take_notice(
    struct log_kafka *log, const rd_kafka_message_t *message, struct log_event *ret_event, struct fault *fault)
{
    /* One of a hundred codes: the default is the rule. */
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        log->is_down = log->is_lacking = false;
        *ret_event = (struct log_event){ .kind = LOG_END,
            .position = { topic_index(log, message), message->partition, message->offset } };
        return STATUS_OK;
    }
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
        return fault_set(fault, STATUS_LOG_TRUNCATED, rd_kafka_topic_name(message->rkt), "partition %d: %.120s",
            (int)message->partition, rd_kafka_message_errstr(message));
    if (message->err == RD_KAFKA_RESP_ERR__FATAL)
        return fatal(log, fault);
    if (message->err == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED)
        return STATUS_OK; /* LOG_REVOKED follows */
    log_kafka_note_down(log, rd_kafka_message_errstr(message));
    log->is_lacking = true;
    return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "kafka", "%.150s", rd_kafka_message_errstr(message));
}

/* Nothing came. When the brokers were down: are they still? librdkafka tells when the last one goes, not when one
 * comes. */
static enum status take_silence(struct log_kafka *log, struct fault *fault)
{
    const struct rd_kafka_metadata *metadata;
    if (!log->is_down)
        return STATUS_OK;
    if (!log->is_lacking
        && rd_kafka_metadata(log->consumer, 0, NULL, &metadata, PROBE_PATIENCE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_metadata_destroy(metadata);
        log->is_down = false;
        return STATUS_OK;
    }
    return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "kafka", "%s", log->cause);
}

static enum status kafka_poll(struct log *base, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    struct log_kafka *log = log_kafka_of(base);
    *ret_event = (struct log_event){ .kind = LOG_NOTHING };
    if (log_kafka_take_group_event(log, ret_event))
        return STATUS_OK;
    rd_kafka_message_t *message = rd_kafka_consumer_poll(log->consumer, wait_ms);
    if (message == NULL)
        return log_kafka_take_group_event(log, ret_event) ? STATUS_OK : take_silence(log, fault);
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        enum status status = take_notice(log, message, ret_event, fault);
        rd_kafka_message_destroy(message);
        return status;
    }
    log->is_down = log->is_lacking = false;
    ret_event->kind = LOG_RECORD;
    fill_record(log, message, &ret_event->record);
    return STATUS_OK;
}

static void kafka_release(struct log *log, struct log_record *record)
{
    (void)log;
    free((void *)(uintptr_t)record->headers);
    rd_kafka_message_destroy(record->handle);
}

/* ---- Positions ---- */

static enum status kafka_start(
    struct log *base, const struct log_position *positions, size_t count, struct fault *fault)
{
    struct log_kafka *log = log_kafka_of(base);
    rd_kafka_topic_partition_list_t *list = log_kafka_list(log, positions, count);
    rd_kafka_resp_err_t error = rd_kafka_assign(log->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return STATUS_OK;
    return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "assign", "%s", rd_kafka_err2str(error));
}

static void kafka_stop(struct log *log)
{
    /* Should this fail the group is rebalancing, and LOG_REVOKED is on its way. */
    kafka_start(log, NULL, 0, NULL);
}

static enum status kafka_committed(struct log *base, struct log_position *positions, size_t count, struct fault *fault)
{
    struct log_kafka *log = log_kafka_of(base);
    rd_kafka_topic_partition_list_t *list = log_kafka_list(log, positions, count);
    rd_kafka_resp_err_t error = rd_kafka_committed(log->consumer, list, COMMITTED_PATIENCE_MS);
    for (int i = 0; i < list->cnt && error == RD_KAFKA_RESP_ERR_NO_ERROR; i++)
        error = list->elems[i].err;
    for (size_t i = 0; i < count && error == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
        const char *topic = log->topics[positions[i].topic];
        int64_t offset = rd_kafka_topic_partition_list_find(list, topic, positions[i].partition)->offset;
        positions[i].offset = offset < 0 ? -1 : offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return STATUS_OK;
    return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "committed", "%s", rd_kafka_err2str(error));
}

/* ---- Opening and closing ---- */

/* With a rebalance callback set, closing leaves the group at once; a static member stays in it, to come back. */
static void kafka_close(struct log *base)
{
    struct log_kafka *log = log_kafka_of(base);
    log_kafka_drop_producer(log);
    if (log->consumer != NULL) {
        rd_kafka_consumer_close(log->consumer);
        rd_kafka_destroy(log->consumer);
    }
    if (log->producer_conf != NULL)
        rd_kafka_conf_destroy(log->producer_conf);
    free(log->partitions);
    free(log);
}

static enum status subscribe(const struct log_kafka *log, struct fault *fault)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(log->topic_count);
    for (int i = 0; i < log->topic_count; i++)
        rd_kafka_topic_partition_list_add(list, log->topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t error = rd_kafka_subscribe(log->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return STATUS_OK;
    return fault_set(fault, STATUS_BAD_CONFIG, "kafka.topics", "%s", rd_kafka_err2str(error));
}

static enum status open_consumer(struct log_kafka *log, const struct log_kafka_config *config, struct fault *fault)
{
    char why[160];
    rd_kafka_conf_t *conf;
    enum status status = log_kafka_configure(log, config, &conf, fault);
    if (status != STATUS_OK)
        return status;
    log->consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (log->consumer == NULL) {
        rd_kafka_conf_destroy(conf);
        return fault_set(fault, STATUS_BAD_CONFIG, "kafka", "%s", why);
    }
    rd_kafka_poll_set_consumer(log->consumer);
    if (config->partitions == NULL)
        return subscribe(log, fault);
    log_kafka_give(log, config->partitions, config->partition_count);
    return STATUS_OK;
}

enum status log_kafka_new(const struct log_kafka_config *config, struct log **ret_log, struct fault *fault)
{
    static const struct log_ops ops = { .poll = kafka_poll,
        .release = kafka_release,
        .start = kafka_start,
        .stop = kafka_stop,
        .committed = kafka_committed,
        .commit = log_kafka_commit,
        .reopen = log_kafka_reopen,
        .close = kafka_close };
    struct log_kafka *log = calloc(1, sizeof *log);
    if (log == NULL)
        return fault_set(fault, STATUS_SYSTEM, "kafka", "out of memory");
    log->log.ops = &ops;
    log->topics = config->topics;
    log->sends_home = config->sends_home;
    while (config->topics[log->topic_count] != NULL)
        log->topic_count++;
    enum status status = open_consumer(log, config, fault);
    if (status != STATUS_OK) {
        kafka_close(&log->log);
        return status;
    }
    *ret_log = &log->log;
    return STATUS_OK;
}
