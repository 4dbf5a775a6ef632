#include "consumers/log_kafka_state.h"

#include "consumers/logline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INIT_PATIENCE_MS 5000
#define OFFSETS_PATIENCE_MS 10000
#define COMMIT_PATIENCE_MS 30000
#define METADATA_PATIENCE_MS 10000
#define QUEUE_FULL_WAIT_MS 10
#define QUEUE_FULL_TRIES 1000

/* ---- The producer's life ---- */

/* Waits until librdkafka's threads are gone: from then on nothing points into the batch's memory. */
void log_kafka_drop_producer(struct log_kafka *log)
{
    if (log->producer == NULL)
        return;
    rd_kafka_purge(log->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
    for (size_t i = 0; i < log->output_count; i++) {
        rd_kafka_topic_destroy(log->outputs[i].handle);
        free(log->outputs[i].name);
    }
    log->output_count = 0;
    rd_kafka_destroy(log->producer);
    log->producer = NULL;
}

/* Frees `error`. Whatever it says, the answer is the same: away with this producer. */
static enum status fail(
    struct log_kafka *log, enum status status, const char *call, rd_kafka_error_t *error, struct fault *fault)
{
    fault_set(fault, status, call, "%s: %.150s", rd_kafka_error_name(error), rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    log_kafka_drop_producer(log);
    return status;
}

enum status log_kafka_reopen(struct log *base, struct fault *fault)
{
    struct log_kafka *log = log_kafka_of(base);
    char why[160];
    log_kafka_drop_producer(log);
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(log->producer_conf);
    log->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (log->producer == NULL) {
        rd_kafka_conf_destroy(conf);
        return fault_set(fault, STATUS_BAD_CONFIG, "kafka", "%s", why);
    }
    rd_kafka_error_t *error = rd_kafka_init_transactions(log->producer, INIT_PATIENCE_MS);
    return error == NULL ? STATUS_OK : fail(log, STATUS_KAFKA_UNREACHABLE, "init_transactions", error, fault);
}

/* ---- Records ---- */

static rd_kafka_topic_t *topic_handle(struct log_kafka *log, const char *name)
{
    for (size_t i = 0; i < log->output_count; i++)
        if (log->outputs[i].name == name || strcmp(log->outputs[i].name, name) == 0)
            return log->outputs[i].handle;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(log->producer, name, NULL);
    if (handle == NULL)
        return NULL;
    CHECK(log->output_count < LOG_TOPICS_MAX);
    log->outputs[log->output_count++] = (struct output_topic){ strdup(name), handle };
    return handle;
}

static rd_kafka_headers_t *copy_headers(const struct log_output *output)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(output->header_count);
    for (size_t i = 0; i < output->header_count; i++) {
        struct text name = output->headers[i].name, value = output->headers[i].value;
        rd_kafka_header_add(headers, name.at, (ssize_t)name.length, value.at, (ssize_t)value.length);
    }
    return headers;
}

/* Key and value are not copied: they live in the batch's memory, and `commit` returns only when they are delivered or
 * the producer is gone. */
static rd_kafka_error_t *produce_one(struct log_kafka *log, const struct log_output *output)
{
    rd_kafka_topic_t *handle = topic_handle(log, output->topic);
    if (handle == NULL)
        return rd_kafka_error_new(rd_kafka_last_error(), "topic %s", output->topic);
    void *value = (void *)(uintptr_t)output->value.at;
    rd_kafka_vu_t parts[6] = {
        { .vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = handle },
        { .vtype = RD_KAFKA_VTYPE_PARTITION,
            .u.i32 = output->partition < 0 ? RD_KAFKA_PARTITION_UA : output->partition },
        { .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { (void *)(uintptr_t)output->key.at, output->key.length } },
        { .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { value, output->value.length } },
    };
    size_t count = 4;
    rd_kafka_headers_t *headers = output->header_count == 0 ? NULL : copy_headers(output);
    if (headers != NULL)
        parts[count++] = (rd_kafka_vu_t){ .vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers };
    rd_kafka_error_t *error = rd_kafka_produceva(log->producer, parts, count);
    if (error != NULL && headers != NULL)
        rd_kafka_headers_destroy(headers);
    return error;
}

static rd_kafka_error_t *produce(struct log_kafka *log, const struct log_output *output)
{
    rd_kafka_error_t *error = produce_one(log, output);
    for (int tries = 0; tries < QUEUE_FULL_TRIES && error != NULL; tries++) {
        if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            return error;
        rd_kafka_error_destroy(error);
        rd_kafka_poll(log->producer, QUEUE_FULL_WAIT_MS);
        error = produce_one(log, output);
    }
    return error;
}

/* Zero when the broker does not answer. */
static int partitions_of(struct log_kafka *log, const char *topic)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = topic_handle(log, topic);
    int count = 0;
    if (handle == NULL
        || rd_kafka_metadata(log->producer, 0, handle, &metadata, METADATA_PATIENCE_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, topic) == 0)
            count = metadata->topics[i].partition_cnt;
    rd_kafka_metadata_destroy(metadata);
    return count;
}

static rd_kafka_error_t *produce_everywhere(struct log_kafka *log, const struct log_output *output)
{
    struct log_output copy = *output;
    rd_kafka_error_t *error = NULL;
    int count = partitions_of(log, output->topic);
    if (count == 0)
        return rd_kafka_error_new(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, "the partitions of %s", output->topic);
    for (copy.partition = 0; copy.partition < count && error == NULL; copy.partition++)
        error = produce(log, &copy);
    return error;
}

/* ---- The transaction ---- */

/* With the generation of the group, so that a worker that lost its partitions cannot commit for them. */
static rd_kafka_error_t *send_offsets(struct log_kafka *log, const struct log_position *positions, size_t count)
{
    rd_kafka_topic_partition_list_t *list = log_kafka_list(log, positions, count);
    log_kafka_tell_homes(log, list);
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(log->consumer);
    rd_kafka_error_t *error = rd_kafka_send_offsets_to_transaction(log->producer, list, group, OFFSETS_PATIENCE_MS);
    rd_kafka_consumer_group_metadata_destroy(group);
    rd_kafka_topic_partition_list_destroy(list);
    return error;
}

/* A request that went down with its connection may come to the broker later, when the same one, sent again, has long
 * been answered: an end of transaction then ends the next one half way, and offsets are committed without their
 * outputs. The epoch of a new producer keeps it out. (Brokers and clients of KIP-890's second part change the epoch
 * with each transaction; librdkafka 2.0.2 is not one of them.) */
static enum status begin(struct log_kafka *log, struct fault *fault)
{
    if (log->is_disturbed && log->producer != NULL) {
        logline(LOGLINE_INFO, "a connection broke during the last transaction: going on with a new producer", NULL);
        if (log_kafka_reopen(&log->log, fault) != STATUS_OK)
            return STATUS_TRANSACTION_FAILED;
    }
    if (log->producer == NULL)
        return fault_set(fault, STATUS_TRANSACTION_FAILED, "commit", "no producer");
    log->is_disturbed = false;
    rd_kafka_error_t *error = rd_kafka_begin_transaction(log->producer);
    return error == NULL ? STATUS_OK : fail(log, STATUS_TRANSACTION_FAILED, "begin_transaction", error, fault);
}

enum status log_kafka_commit(struct log *base, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    struct log_kafka *log = log_kafka_of(base);
    rd_kafka_error_t *error = NULL;
    enum status status = begin(log, fault);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < output_count && error == NULL; i++)
        error = outputs[i].partition == LOG_EVERY_PARTITION ? produce_everywhere(log, &outputs[i])
                                                            : produce(log, &outputs[i]);
    if (error != NULL)
        return fail(log, STATUS_TRANSACTION_FAILED, "produce", error, fault);
    error = send_offsets(log, positions, position_count);
    if (error != NULL)
        return fail(log, STATUS_TRANSACTION_FAILED, "send_offsets", error, fault);
    error = rd_kafka_commit_transaction(log->producer, COMMIT_PATIENCE_MS);
    if (error != NULL)
        return fail(log, STATUS_TRANSACTION_FAILED, "commit_transaction", error, fault);
    rd_kafka_poll(log->producer, 0); /* what happened to a connection is told before the answer over a new one */
    return STATUS_OK;
}
