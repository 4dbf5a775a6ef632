/* bench-limit BROKERS GROUP WORKERS: what librdkafka alone can do in settled's place: the same log, with the same
 * settings, read by the
 * same number of threads; each record makes one of a settlement's size (admissions and discharges; a change makes
 * none), and
 * nothing is remembered. Runs until SIGTERM. */
#include "base/arena.h"
#include "consumers/log_kafka.h"
#include "kafka.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BATCH 20000
#define GATHER_US 5000
#define PARTITIONS_MAX 64
#define TOPICS 3
#define VALUE_SIZE 1100 /* of a settlement with six lines */
#define WORKERS_MAX 16

static const char *const topics[] = { "admission", "discharge", "identity-change", NULL };
static atomic_bool is_over;

struct worker {
    const char *brokers, *group;
    int number;
    struct log *log;
    struct log_record records[BATCH];
    struct log_output outputs[BATCH];
    size_t count, output_count;
    int64_t next[TOPICS][PARTITIONS_MAX]; /* 0: nothing new */
    char value[VALUE_SIZE];
};

static void must(enum status status, const struct fault *fault)
{
    if (status != STATUS_OK)
        bench_fail(status_name(status), fault->text);
}

/* From the beginning: each run has a group of its own. */
static void start(struct worker *worker, const struct log_event *event)
{
    struct log_position positions[TOPICS * PARTITIONS_MAX];
    struct fault fault;
    size_t count = 0;
    for (size_t i = 0; i < event->partition_count; i++)
        for (int topic = 0; topic < TOPICS; topic++)
            positions[count++] = (struct log_position){ topic, event->partitions[i], 0 };
    must(worker->log->ops->start(worker->log, positions, count, &fault), &fault);
}

static void take(struct worker *worker, const struct log_record *record)
{
    worker->records[worker->count++] = *record;
    worker->next[record->topic][record->partition] = record->offset + 1;
    if (record->topic == 1)
        worker->outputs[worker->output_count++] = (struct log_output){ .topic = "settlement",
            .partition = -1,
            .key = record->key,
            .value = { worker->value, VALUE_SIZE },
            .headers = record->headers,
            .header_count = record->header_count };
}

static void gather(struct worker *worker)
{
    int64_t until = INT64_MAX;
    while (worker->count < BATCH && bench_now_us() < until && !atomic_load(&is_over)) {
        struct log_event event;
        struct fault fault;
        enum status status = worker->log->ops->poll(worker->log, worker->count == 0 ? 100 : 1, &event, &fault);
        if (status != STATUS_OK)
            continue;
        if (event.kind == LOG_ASSIGNED)
            start(worker, &event);
        if (event.kind != LOG_RECORD)
            continue;
        if (worker->count == 0)
            until = bench_now_us() + GATHER_US;
        take(worker, &event.record);
    }
}

static void commit(struct worker *worker)
{
    struct log_position positions[TOPICS * PARTITIONS_MAX];
    struct fault fault;
    size_t count = 0;
    for (int topic = 0; topic < TOPICS; topic++)
        for (int32_t partition = 0; partition < PARTITIONS_MAX; partition++)
            if (worker->next[topic][partition] != 0)
                positions[count++] = (struct log_position){ topic, partition, worker->next[topic][partition] };
    must(
        worker->log->ops->commit(worker->log, worker->outputs, worker->output_count, positions, count, &fault), &fault);
    for (size_t i = 0; i < worker->count; i++)
        worker->log->ops->release(worker->log, &worker->records[i]);
    memset(worker->next, 0, sizeof worker->next);
    worker->count = worker->output_count = 0;
}

static void *run(void *context)
{
    struct worker *worker = context;
    char name[128];
    struct fault fault;
    snprintf(name, sizeof name, "%s-%d", worker->group, worker->number);
    const struct log_kafka_config config = {
        .brokers = worker->brokers, .group = worker->group, .transactional_id = name, .topics = topics
    };
    must(log_kafka_new(&config, &worker->log, &fault), &fault);
    must(worker->log->ops->reopen(worker->log, &fault), &fault);
    while (!atomic_load(&is_over)) {
        gather(worker);
        if (worker->count != 0)
            commit(worker);
    }
    worker->log->ops->close(worker->log);
    return NULL;
}

static void on_term(int signal_number)
{
    (void)signal_number;
    atomic_store(&is_over, true);
}

int main(int argc, char **argv)
{
    pthread_t threads[WORKERS_MAX];
    int workers = argc == 4 ? atoi(argv[3]) : 0;
    if (workers < 1 || workers > WORKERS_MAX)
        bench_fail("usage", "bench-limit BROKERS GROUP WORKERS");
    signal(SIGTERM, on_term);
    for (int i = 0; i < workers; i++) {
        struct worker *worker = calloc(1, sizeof *worker);
        CHECK(worker != NULL);
        worker->brokers = argv[1];
        worker->group = argv[2];
        worker->number = i;
        memset(worker->value, 'v', sizeof worker->value);
        pthread_create(&threads[i], NULL, run, worker);
    }
    for (int i = 0; i < workers; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
