#include "consumers/log_kafka_state.h"

#include "consumers/logline.h"

#include <string.h>

struct setting {
    const char *name;
    const char *value;
};

/* Measured with the toy stage, 12 partitions, one broker (tests/integration/engine/README.md). */
static const struct setting consumer_settings[] = {
    { "enable.auto.commit", "false" },
    { "enable.auto.offset.store", "false" },
    { "auto.offset.reset", "error" },
    { "isolation.level", "read_committed" },
    { "enable.partition.eof", "true" },
    { "partition.assignment.strategy", "range" },
    { "allow.auto.create.topics", "false" },
    { "topic.metadata.refresh.interval.ms", "10000" }, /* so that a topic made later is found soon */
    { "queued.min.messages", "10000" },
    { "queued.max.messages.kbytes", "4096" }, /* per partition of a topic */
    { "fetch.message.max.bytes",
        "1048576" }, /* likewise: below a producer's largest batch, a broker serves one partition
                                               * an answer (30,000 records/s instead of 120,000) */
    { "fetch.max.bytes", "8388608" },
    { "socket.nagle.disable", "true" },
};

static const struct setting producer_settings[] = {
    { "enable.idempotence", "true" },
    { "compression.codec", "lz4" },
    { "linger.ms", "1" }, /* commit flushes at once: this only lets batches fill while the fold runs */
    { "batch.num.messages", "50000" },
    { "queue.buffering.max.messages", "2000000" },
    { "transaction.timeout.ms", "10000" },
    { "retry.backoff.ms", "5" }, /* while the broker writes the last transaction's markers: a moment, not 100 ms */
    { "partitioner", "murmur2_random" }, /* as Java clients do: one person, one partition, whoever writes */
    { "socket.nagle.disable", "true" },
};

static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    /* Passing one property to both clients is meant: each warns of the other's. */
    if (strcmp(facility, "CONFWARN") == 0)
        return;
    logline(level <= 4 ? LOGLINE_WARNING : LOGLINE_DEBUG, "librdkafka", "client", rd_kafka_name(client), "facility",
        facility, "cause", text, NULL);
}

static enum status set(rd_kafka_conf_t *conf, const char *name, const char *value, struct fault *fault)
{
    char why[160];
    if (value == NULL || rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return STATUS_OK;
    char field[64] = "kafka.";
    strncat(field, name, sizeof field - strlen(field) - 1);
    return fault_set(fault, STATUS_BAD_CONFIG, field, "%s", why);
}

static enum status set_all(rd_kafka_conf_t *conf, const struct setting *settings, size_t count, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = set(conf, settings[i].name, settings[i].value, fault);
    return status;
}

/* What exactly-once stands on is set last: no property of a configuration may undo it. */
static enum status set_promises(rd_kafka_conf_t *conf, struct fault *fault)
{
    enum status status = set_all(conf, consumer_settings, 6, fault);
    return status == STATUS_OK ? set(conf, "enable.idempotence", "true", fault) : status;
}

static enum status set_properties(
    rd_kafka_conf_t *conf, const struct log_kafka_config *config, enum log_kafka_client client, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < config->property_count && status == STATUS_OK; i++)
        if (config->properties[i].client == LOG_KAFKA_BOTH || config->properties[i].client == client)
            status = set(conf, config->properties[i].name, config->properties[i].value, fault);
    return status;
}

static enum status fill(
    rd_kafka_conf_t *conf, const struct log_kafka_config *config, enum log_kafka_client client, struct fault *fault)
{
    rd_kafka_conf_set_log_cb(conf, on_log);
    enum status status = set(conf, "bootstrap.servers", config->brokers, fault);
    if (status == STATUS_OK)
        status = client == LOG_KAFKA_CONSUMER ? set_all(conf, consumer_settings, COUNT_OF(consumer_settings), fault)
                                              : set_all(conf, producer_settings, COUNT_OF(producer_settings), fault);
    if (status == STATUS_OK)
        status = set_properties(conf, config, client, fault);
    return status == STATUS_OK ? set_promises(conf, fault) : status;
}

static enum status fill_consumer(
    struct log_kafka *log, rd_kafka_conf_t *conf, const struct log_kafka_config *config, struct fault *fault)
{
    rd_kafka_conf_set_opaque(conf, log);
    rd_kafka_conf_set_rebalance_cb(conf, log_kafka_on_rebalance);
    rd_kafka_conf_set_error_cb(conf, log_kafka_on_error);
    enum status status = fill(conf, config, LOG_KAFKA_CONSUMER, fault);
    if (status == STATUS_OK)
        status = set(conf, "group.id", config->group, fault);
    return status == STATUS_OK ? set(conf, "group.instance.id", config->instance, fault) : status;
}

/* Nothing to do: that a record was delivered is what the commit tells. But without a callback librdkafka's flush, and
 * so every commit, looks only each 10 ms whether all is delivered; a delivery report wakes it. */
static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    (void)producer;
    (void)message;
    (void)opaque;
}

/* librdkafka asks again by itself; what matters is only that it had to (log_kafka_commit). */
static void on_producer_error(rd_kafka_t *producer, int error, const char *reason, void *opaque)
{
    struct log_kafka *log = opaque;
    log->is_disturbed = true;
    logline(LOGLINE_WARNING, "librdkafka", "client", rd_kafka_name(producer), "facility",
        rd_kafka_err2name((rd_kafka_resp_err_t)error), "cause", reason, NULL);
}

static enum status fill_producer(
    struct log_kafka *log, rd_kafka_conf_t *conf, const struct log_kafka_config *config, struct fault *fault)
{
    rd_kafka_conf_set_opaque(conf, log);
    rd_kafka_conf_set_error_cb(conf, on_producer_error);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    enum status status = fill(conf, config, LOG_KAFKA_PRODUCER, fault);
    return status == STATUS_OK ? set(conf, "transactional.id", config->transactional_id, fault) : status;
}

enum status log_kafka_configure(struct log_kafka *log, const struct log_kafka_config *config,
    rd_kafka_conf_t **ret_consumer_conf, struct fault *fault)
{
    rd_kafka_conf_t *consumer_conf = rd_kafka_conf_new();
    log->producer_conf = rd_kafka_conf_new();
    enum status status = fill_producer(log, log->producer_conf, config, fault);
    if (status == STATUS_OK)
        status = fill_consumer(log, consumer_conf, config, fault);
    if (status != STATUS_OK) {
        rd_kafka_conf_destroy(consumer_conf);
        return status;
    }
    *ret_consumer_conf = consumer_conf;
    return STATUS_OK;
}
