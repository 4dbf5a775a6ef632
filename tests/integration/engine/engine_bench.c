/* How fast the engine is with nothing to compute: drains RECORDS records, then paces RATE records/s and measures the
 * time from sending to reading the answer.  engine_bench [RECORDS [WORKERS [RATE]]], inside tests/services/with. */
#include "tests/integration/engine/kafka_side.h"
#include "tests/integration/engine/toy_stage.h"
#include "tests/integration/engine/toy_worker.h"

#include "base/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PARTITIONS 12
#define KEYS 200000
#define PACED_SECONDS 12

static int number(int argc, char **argv, int at, int otherwise)
{
    return argc > at ? atoi(argv[at]) : otherwise;
}

static void send_one(rd_kafka_t *producer, unsigned i, int64_t sent_ns)
{
    char key[24], value[16];
    int key_length = snprintf(key, sizeof key, "k%u", i * 2654435761u % KEYS);
    int length = snprintf(value, sizeof value, "%u", i % 97 + 1);
    kafka_side_send(producer, toy_topics[i % 2], (struct text){ key, (size_t)key_length },
        (struct text){ value, (size_t)length }, sent_ns);
}

static void wait_for(rd_kafka_t *reader, int count)
{
    while (count > 0) {
        rd_kafka_message_t *message = kafka_side_next(reader, 1000);
        count -= message != NULL;
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
}

static int order(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void print_times(int64_t *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, order);
    printf("paced: %d answers, p50 %.1f ms, p99 %.1f ms, most %.1f ms\n", count, (double)times[count / 2] / 1e6,
        (double)times[count / 100 * 99] / 1e6, (double)times[count - 1] / 1e6);
}

static void pace(rd_kafka_t *producer, rd_kafka_t *reader, int rate)
{
    int total = rate * PACED_SECONDS, sent = 0, got = 0, counted = 0;
    int64_t *times = calloc((size_t)total + 1, sizeof *times), begin_ns = kafka_side_now_ns();
    while (got < total) {
        int64_t now_ns = kafka_side_now_ns();
        for (; sent < total && begin_ns + (int64_t)sent * 1000000000 / rate <= now_ns; sent++)
            send_one(producer, (unsigned)sent, now_ns);
        rd_kafka_message_t *message = kafka_side_next(reader, 0);
        if (message == NULL) {
            usleep(200);
            continue;
        }
        if (got++ > rate * 2) /* the first two seconds warm up */
            times[counted++] = kafka_side_now_ns() - kafka_side_sent_ns(message);
        rd_kafka_message_destroy(message);
    }
    print_times(times, counted);
    free(times);
}

int main(int argc, char **argv)
{
    int code = toy_worker_main(argc, argv);
    if (code >= 0)
        return code;
    const char *const topics[] = { toy_topics[0], toy_topics[1], toy_sum_topic, toy_refused_topic };
    int records = number(argc, argv, 1, 500000), workers = number(argc, argv, 2, 1), rate = number(argc, argv, 3, 2000);
    char prefix[32];
    snprintf(prefix, sizeof prefix, "b%lld-", (long long)(kafka_side_now_ns() / 1000));
    toy_topics_prefix(prefix);
    struct toy_worker toy = { getenv("SETTLED_TEST_BROKERS"), getenv("SETTLED_TEST_REDIS"), prefix, NULL, workers };
    CHECK(toy.brokers != NULL && toy.redis != NULL);
    kafka_side_create(toy.brokers, topics, COUNT_OF(topics), PARTITIONS);
    rd_kafka_t *producer = kafka_side_producer(toy.brokers);
    for (int i = 0; i < records; i++)
        send_one(producer, (unsigned)i, 0);
    CHECK(rd_kafka_flush(producer, 120000) == RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_t *reader = kafka_side_reader(toy.brokers, toy_sum_topic, PARTITIONS);
    int64_t begin_ns = kafka_side_now_ns();
    pid_t pid = toy_worker_spawn(&toy);
    wait_for(reader, 1);
    int64_t first_ns = kafka_side_now_ns();
    wait_for(reader, records - 1);
    int64_t end_ns = kafka_side_now_ns();
    printf("drained: %d records, %d workers, %.0f records/s from the first answer, %.0f from the start\n", records,
        workers, records / ((double)(end_ns - first_ns) / 1e9), records / ((double)(end_ns - begin_ns) / 1e9));
    if (rate > 0)
        pace(producer, reader, rate);
    kafka_side_finish(producer);
    rd_kafka_consumer_close(reader);
    rd_kafka_destroy(reader);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("process: %.1f CPU s, peak %ld MiB\n",
        (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 + (double)usage.ru_stime.tv_sec
            + (double)usage.ru_stime.tv_usec / 1e6,
        usage.ru_maxrss / 1024);
    return 0;
}
