#include "cli/closing.h"

#include "consumers/message_check.h"
#include "consumers/period_close.h"

#include <stdio.h>

#define ANSWER_WITHIN_MS 5000
#define DELIVERY_MS "20000"
#define FLUSH_MS 25000 /* longer than message.timeout.ms: every record is delivered or has failed */
#define RECORD_ARENA_BYTES ((size_t)1 << 20)

/* ---- When ---- */

/* The day at `now`, of which the first `at_minute` minutes still count as the day before. */
static day closing_day(instant now, int at_minute)
{
    return instant_day((instant){ now.seconds - (int64_t)at_minute * 60, now.nanos });
}

struct closing_period closing_due_month(instant now, int at_minute)
{
    struct day_parts today = day_parts(closing_day(now, at_minute));
    if (today.month == 1)
        return (struct closing_period){ today.year - 1, 12 };
    return (struct closing_period){ today.year, today.month - 1 };
}

struct closing_period closing_due_year(instant now, int at_minute)
{
    return (struct closing_period){ day_year(closing_day(now, at_minute)) - 1, 0 };
}

bool closing_is_over(struct closing_period period, day d)
{
    day last_month = day_of(period.year, period.month == 0 ? 12 : period.month, 1);
    return d.n >= day_first_of_next_month(last_month).n;
}

/* ---- What ---- */

char *closing_event_id(const struct closing *closing, char *buffer)
{
    char period[MESSAGE_PERIOD_SIZE], on[DAY_TEXT_SIZE];
    message_period_format((struct message_period){ (int16_t)closing->year, (int8_t)closing->month }, period);
    if (money_is_zero(closing->grant))
        snprintf(buffer, CLOSING_ID_SIZE, "close/%.*s/%s", TEXT_FORMAT(closing->region), period);
    else
        snprintf(buffer, CLOSING_ID_SIZE, "grant/%.*s/%s/%lld/%s", TEXT_FORMAT(closing->region), period,
            (long long)closing->grant.fen, day_format(closing->grant_on, on));
    return buffer;
}

static enum status encode(const struct closing *closing, int32_t partition, struct arena *arena, struct text *ret_value)
{
    char id[CLOSING_ID_SIZE];
    const struct period_close close = { .event_id = text_of(closing_event_id(closing, id)),
        .recorded_at = closing->recorded_at,
        .region = closing->region,
        .year = (int16_t)closing->year,
        .month = (int8_t)closing->month,
        .closed_on = closing->closed_on,
        .grant = closing->grant,
        .grant_on = closing->grant_on,
        .partition = partition };
    return consumer_period_close_encode(&close, arena, ret_value);
}

/* ---- Kafka ---- */

/* A failed delivery is counted where closing_send looks for it. */
static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    (void)client, (void)opaque;
    rd_kafka_resp_err_t *error = message->_private;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        *error = message->err;
}

static void be_silent(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client, (void)level, (void)facility, (void)text;
}

static enum status set(rd_kafka_conf_t *conf, const char *name, const char *value, struct fault *fault)
{
    char why[160];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return STATUS_OK;
    return fault_set(fault, STATUS_BAD_CONFIG, "kafka", "%s: %s", name, why);
}

static enum status configure(rd_kafka_conf_t *conf, const struct config_kafka *kafka, struct fault *fault)
{
    rd_kafka_conf_set_log_cb(conf, be_silent);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    enum status status = set(conf, "bootstrap.servers", kafka->brokers, fault);
    if (status == STATUS_OK)
        status = set(conf, "enable.idempotence", "true", fault);
    if (status == STATUS_OK)
        status = set(conf, "message.timeout.ms", DELIVERY_MS, fault);
    for (size_t i = 0; i < kafka->properties.count && status == STATUS_OK; i++)
        if (kafka->properties.items[i].client != LOG_KAFKA_CONSUMER)
            status = set(conf, kafka->properties.items[i].name, kafka->properties.items[i].value, fault);
    return status;
}

enum status closing_producer_new(const struct config_kafka *kafka, rd_kafka_t **ret_producer, struct fault *fault)
{
    char why[160];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    enum status status = configure(conf, kafka, fault);
    rd_kafka_t *producer = status == STATUS_OK ? rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why) : NULL;
    if (producer != NULL) {
        *ret_producer = producer;
        return STATUS_OK;
    }
    rd_kafka_conf_destroy(conf);
    return status == STATUS_OK ? fault_set(fault, STATUS_BAD_CONFIG, "kafka", "%s", why) : status;
}

static enum status count_partitions(rd_kafka_t *producer, int *ret_count, struct fault *fault)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, CLOSING_TOPIC, NULL);
    rd_kafka_resp_err_t error =
        topic == NULL ? rd_kafka_last_error() : rd_kafka_metadata(producer, 0, topic, &metadata, ANSWER_WITHIN_MS);
    if (topic != NULL)
        rd_kafka_topic_destroy(topic);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "kafka", "%s", rd_kafka_err2str(error));
    int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    if (count == 0)
        return fault_set(fault, STATUS_BAD_CONFIG, "kafka", "this Kafka has no topic %s", CLOSING_TOPIC);
    *ret_count = count;
    return STATUS_OK;
}

static rd_kafka_resp_err_t send_one(
    rd_kafka_t *producer, const struct closing *closing, int32_t partition, rd_kafka_resp_err_t *failure)
{
    struct text value, key = closing->region;
    struct arena *arena = arena_new(RECORD_ARENA_BYTES);
    CHECK(arena != NULL && encode(closing, partition, arena, &value) == STATUS_OK);
    rd_kafka_resp_err_t error =
        rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(CLOSING_TOPIC), RD_KAFKA_V_PARTITION(partition),
            RD_KAFKA_V_KEY(key.at, key.length), RD_KAFKA_V_VALUE((void *)(uintptr_t)value.at, value.length),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(failure), RD_KAFKA_V_END);
    arena_free(arena);
    return error;
}

enum status closing_send(rd_kafka_t *producer, const struct closing *closing, int *ret_partitions, struct fault *fault)
{
    rd_kafka_resp_err_t failure = RD_KAFKA_RESP_ERR_NO_ERROR, error = RD_KAFKA_RESP_ERR_NO_ERROR;
    int count = 0;
    enum status status = count_partitions(producer, &count, fault);
    for (int32_t partition = 0; partition < count && error == RD_KAFKA_RESP_ERR_NO_ERROR; partition++)
        error = send_one(producer, closing, partition, &failure);
    if (status != STATUS_OK)
        return status;
    /* Purged, whatever is still on its way reports its failure before `failure` goes out of scope. */
    if (rd_kafka_flush(producer, FLUSH_MS) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(producer, FLUSH_MS);
    }
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        error = failure;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fault_set(fault, STATUS_KAFKA_UNREACHABLE, "kafka", "%s", rd_kafka_err2str(error));
    *ret_partitions = count;
    return STATUS_OK;
}
