#include "tests/integration/engine/kafka_side.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t kafka_side_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *const *properties)
{
    char why[200];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    for (; properties[0] != NULL; properties += 2)
        CHECK(rd_kafka_conf_set(conf, properties[0], properties[1], why, sizeof why) == RD_KAFKA_CONF_OK);
    rd_kafka_t *made = rd_kafka_new(type, conf, why, sizeof why);
    CHECK(made != NULL);
    return made;
}

static void check_created(rd_kafka_event_t *event)
{
    size_t count;
    const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
    CHECK(result != NULL);
    const rd_kafka_topic_result_t **topics = rd_kafka_CreateTopics_result_topics(result, &count);
    for (size_t i = 0; i < count; i++)
        CHECK(rd_kafka_topic_result_error(topics[i]) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

void kafka_side_create(const char *brokers, const char *const *topics, size_t count, int partitions)
{
    const char *const properties[] = { "bootstrap.servers", brokers, NULL };
    rd_kafka_t *admin = client(RD_KAFKA_PRODUCER, properties);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_NewTopic_t *wanted[8];
    CHECK(count <= 8);
    for (size_t i = 0; i < count; i++)
        wanted[i] = rd_kafka_NewTopic_new(topics[i], partitions, 1, NULL, 0);
    rd_kafka_CreateTopics(admin, wanted, count, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 30000);
    check_created(event);
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy_array(wanted, count);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(admin);
}

rd_kafka_t *kafka_side_producer(const char *brokers)
{
    const char *const properties[] = { "bootstrap.servers", brokers, "linger.ms", "1", "partitioner", "murmur2_random",
        "enable.idempotence", "true", "queue.buffering.max.messages", "1000000", "compression.codec", "lz4", NULL };
    return client(RD_KAFKA_PRODUCER, properties);
}

void kafka_side_send(rd_kafka_t *producer, const char *topic, struct text key, struct text value, int64_t sent_ns)
{
    char sent[24];
    int length = snprintf(sent, sizeof sent, "%lld", (long long)sent_ns);
    for (;;) {
        rd_kafka_resp_err_t error =
            rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                RD_KAFKA_V_KEY(key.at, key.length), RD_KAFKA_V_VALUE((void *)(uintptr_t)value.at, value.length),
                RD_KAFKA_V_HEADER("sent", sent, sent_ns == 0 ? 0 : length), RD_KAFKA_V_END);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
            break;
        CHECK(error == RD_KAFKA_RESP_ERR__QUEUE_FULL);
        rd_kafka_poll(producer, 5);
    }
    rd_kafka_poll(producer, 0);
}

void kafka_side_finish(rd_kafka_t *producer)
{
    CHECK(rd_kafka_flush(producer, 120000) == RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_destroy(producer);
}

rd_kafka_t *kafka_side_reader(const char *brokers, const char *topic, int partitions)
{
    const char *const properties[] = { "bootstrap.servers", brokers, "group.id", "reader", "isolation.level",
        "read_committed", "auto.offset.reset", "earliest", "enable.auto.commit", "false", NULL };
    rd_kafka_t *reader = client(RD_KAFKA_CONSUMER, properties);
    rd_kafka_poll_set_consumer(reader);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    for (int p = 0; p < partitions; p++)
        rd_kafka_topic_partition_list_add(list, topic, p)->offset = 0;
    CHECK(rd_kafka_assign(reader, list) == RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_topic_partition_list_destroy(list);
    return reader;
}

rd_kafka_message_t *kafka_side_next(rd_kafka_t *reader, int wait_ms)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, wait_ms);
    if (message == NULL || message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return message;
    fprintf(stderr, "reader: %s\n", rd_kafka_message_errstr(message));
    rd_kafka_message_destroy(message);
    return NULL;
}

int64_t kafka_side_sent_ns(rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t length;
    char text[24] = "";
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    if (rd_kafka_header_get_last(headers, "sent", &value, &length) != RD_KAFKA_RESP_ERR_NO_ERROR
        || length >= sizeof text)
        return 0;
    memcpy(text, value, length);
    return strtoll(text, NULL, 10);
}
