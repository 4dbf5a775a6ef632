/* bench-load BROKERS RECORDS PERSONS: fills the input topics. */
#include "kafka.h"
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void send_record(rd_kafka_t *producer, rd_kafka_topic_t *topic, const struct bench_record *record)
{
    while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, (void *)(uintptr_t)record->value,
               record->length, record->key, strlen(record->key), NULL)
        != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            bench_fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 10);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        bench_fail("usage", "bench-load BROKERS RECORDS PERSONS");
    const char *const settings[] = { "bootstrap.servers", argv[1], "compression.codec", "lz4", "linger.ms", "20",
        "partitioner", "murmur2_random", "queue.buffering.max.messages", "200000", NULL };
    rd_kafka_t *producer = bench_client(RD_KAFKA_PRODUCER, settings);
    rd_kafka_topic_t *topics[BENCH_TOPICS];
    for (int i = 0; i < BENCH_TOPICS; i++)
        topics[i] = rd_kafka_topic_new(producer, bench_topics[i], NULL);
    uint64_t count = strtoull(argv[2], NULL, 10);
    for (uint64_t n = 0; n < count; n++) {
        struct bench_record record;
        bench_record_make(n, (uint32_t)atoi(argv[3]), &record);
        send_record(producer, topics[record.topic], &record);
        if (n % 1000 == 0)
            rd_kafka_poll(producer, 0);
    }
    if (rd_kafka_flush(producer, 60000) != RD_KAFKA_RESP_ERR_NO_ERROR)
        bench_fail("flush", "not everything was delivered");
    for (int i = 0; i < BENCH_TOPICS; i++)
        rd_kafka_topic_destroy(topics[i]);
    rd_kafka_destroy(producer);
    return 0;
}
