/* bench-drained BROKERS GROUP PARTITIONS RECORDS: waits until the group has committed so many records of the input
 * topics, and prints
 * records per second. The clock runs from the first commit seen, and what that one brought does not count: neither
 * the start of
 * the program nor the group's joining is part of it. */
#include "kafka.h"
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_MS 20
#define PATIENCE_MS 10000
#define LIMIT_US (INT64_C(600) * 1000000)

static int64_t committed(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *list)
{
    int64_t sum = 0;
    rd_kafka_resp_err_t error = rd_kafka_committed(consumer, list, PATIENCE_MS);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    for (int i = 0; i < list->cnt; i++)
        sum += list->elems[i].offset < 0 ? 0 : list->elems[i].offset;
    return sum;
}

/* `first` is what the clock began with: {0, 0} before. */
struct sight {
    int64_t records, us;
};

static struct sight wait_for(rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *list, int64_t least)
{
    int64_t began = bench_now_us();
    for (;;) {
        struct sight sight = { committed(consumer, list), bench_now_us() };
        if (sight.records >= least)
            return sight;
        if (sight.us - began > LIMIT_US)
            bench_fail("drained", "not within ten minutes");
        nanosleep(&(struct timespec){ .tv_nsec = LOOK_MS * 1000000L }, NULL);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5)
        bench_fail("usage", "bench-drained BROKERS GROUP PARTITIONS RECORDS");
    const char *const settings[] = { "bootstrap.servers", argv[1], "group.id", argv[2], NULL };
    rd_kafka_t *consumer = bench_client(RD_KAFKA_CONSUMER, settings);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(64);
    for (int topic = 0; topic < BENCH_TOPICS; topic++)
        for (int partition = 0; partition < atoi(argv[3]); partition++)
            rd_kafka_topic_partition_list_add(list, bench_topics[topic], partition);
    struct sight first = wait_for(consumer, list, 1);
    struct sight last = wait_for(consumer, list, atoll(argv[4]));
    printf("%.0f\n", (double)(last.records - first.records) * 1e6 / (double)(last.us - first.us + 1));
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(consumer);
    return 0;
}
