/* bench-paced BROKERS RECORDS_PER_SECOND SECONDS FIRST: sends records at that pace, beginning with number FIRST, and
 * prints how long it took until what they caused came out of `settlement`, read committed: median, 99th of a hundred
 * and the longest, in milliseconds, and how many there were. The moment of sending travels in the `traceparent` that
 * settled passes through. The first ten seconds do not count. */
#include "kafka.h"
#include "records.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PERSONS 200000
#define SENDERS 4
#define WARM_UP_US INT64_C(10000000)
#define AFTER_US INT64_C(3000000)

static atomic_bool is_over;

struct listener {
    const char *brokers;
    int64_t counts_from_us;
    atomic_bool is_ready;
    int64_t *latencies_us;
    size_t count, capacity;
};

static void note(struct listener *listener, int64_t sent_us)
{
    if (sent_us < listener->counts_from_us)
        return;
    if (listener->count == listener->capacity) {
        listener->capacity = listener->capacity * 2 + 4096;
        listener->latencies_us = realloc(listener->latencies_us, listener->capacity * sizeof(int64_t));
        CHECK(listener->latencies_us != NULL);
    }
    listener->latencies_us[listener->count++] = bench_now_us() - sent_us;
}

/* "00-<32 digits>-<16 digits>-01": the last sixteen are the moment. */
static void read_trace(struct listener *listener, const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t length;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR
        && rd_kafka_header_get_last(headers, "traceparent", &value, &length) == RD_KAFKA_RESP_ERR_NO_ERROR
        && length == 55)
        note(listener, strtoll((const char *)value + 36, NULL, 16));
}

static void *hear(void *context)
{
    struct listener *listener = context;
    const char *const settings[] = { "bootstrap.servers", listener->brokers, "group.id", "bench-listener",
        "isolation.level", "read_committed", "auto.offset.reset", "latest", "fetch.wait.max.ms", "5",
        "enable.partition.eof", "true", NULL };
    rd_kafka_t *consumer = bench_client(RD_KAFKA_CONSUMER, settings);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, "settlement", RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(consumer, list);
    while (!atomic_load(&is_over)) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 50);
        if (message == NULL)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            atomic_store(&listener->is_ready, true);
        else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            read_trace(listener, message);
        rd_kafka_message_destroy(message);
    }
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return NULL;
}

static void send_record(rd_kafka_t *producer, uint64_t n)
{
    struct bench_record record;
    char trace[64];
    bench_record_make(n, PERSONS, &record);
    snprintf(
        trace, sizeof trace, "00-%032llx-%016llx-01", (unsigned long long)n + 1, (unsigned long long)bench_now_us());
    rd_kafka_resp_err_t error = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(bench_topics[record.topic]),
        RD_KAFKA_V_KEY(record.key, strlen(record.key)), RD_KAFKA_V_VALUE(record.value, record.length),
        RD_KAFKA_V_HEADER("traceparent", trace, 55), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        bench_fail("produce", rd_kafka_err2str(error));
    rd_kafka_poll(producer, 0);
}

static void sleep_until(int64_t at_us)
{
    int64_t wait_us = at_us - bench_now_us();
    if (wait_us > 0)
        nanosleep(&(struct timespec){ wait_us / 1000000, wait_us % 1000000 * 1000 }, NULL);
}

/* Hospitals have a connection each. Over a single one a broker takes a request after the other, and what is measured is
 * how long records wait for that. */
static void send_all(const char *brokers, int64_t per_second, int64_t seconds, uint64_t first)
{
    const char *const settings[] = { "bootstrap.servers", brokers, "linger.ms", "0", "partitioner", "murmur2_random",
        NULL };
    rd_kafka_t *senders[SENDERS];
    for (size_t i = 0; i < SENDERS; i++)
        senders[i] = bench_client(RD_KAFKA_PRODUCER, settings);
    int64_t begin_us = bench_now_us();
    for (int64_t i = 0; i < per_second * seconds; i++) {
        sleep_until(begin_us + i * 1000000 / per_second);
        send_record(senders[i % SENDERS], first + (uint64_t)i);
    }
    for (size_t i = 0; i < SENDERS; i++) {
        rd_kafka_flush(senders[i], 10000);
        rd_kafka_destroy(senders[i]);
    }
}

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc != 5)
        bench_fail("usage", "bench-paced BROKERS RECORDS_PER_SECOND SECONDS FIRST");
    struct listener listener = { .brokers = argv[1], .counts_from_us = INT64_MAX };
    pthread_create(&thread, NULL, hear, &listener);
    while (!atomic_load(&listener.is_ready))
        sleep_until(bench_now_us() + 10000);
    sleep_until(bench_now_us() + 1000000);
    listener.counts_from_us = bench_now_us() + WARM_UP_US;
    send_all(argv[1], atoll(argv[2]), atoll(argv[3]), strtoull(argv[4], NULL, 10));
    sleep_until(bench_now_us() + AFTER_US);
    atomic_store(&is_over, true);
    pthread_join(thread, NULL);
    if (listener.count == 0)
        bench_fail("paced", "nothing came out");
    qsort(listener.latencies_us, listener.count, sizeof(int64_t), by_size);
    printf("%.1f %.1f %.1f %zu\n", (double)listener.latencies_us[listener.count / 2] / 1000,
        (double)listener.latencies_us[listener.count * 99 / 100] / 1000,
        (double)listener.latencies_us[listener.count - 1] / 1000, listener.count);
    free(listener.latencies_us);
    return 0;
}
