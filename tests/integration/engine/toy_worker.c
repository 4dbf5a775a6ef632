#include "tests/integration/engine/toy_worker.h"

#include "consumers/log_kafka.h"
#include "consumers/worker.h"
#include "state/store_redis.h"
#include "tests/integration/engine/toy_stage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WORKERS_MAX 8

struct names {
    char group[64], instance[64], transactional_id[96], engine[32], stage[32], host[64];
    int port;
};

static const char *property(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value == NULL ? otherwise : value;
}

static struct worker *start(const struct toy_worker *toy, int number, struct names *names)
{
    static const struct log_kafka_property properties[] = { { "session.timeout.ms", "2000", LOG_KAFKA_BOTH },
        { "heartbeat.interval.ms", "300", LOG_KAFKA_BOTH } };
    struct fault fault = { .text = "" };
    struct worker_parts parts = { .stage = toy_stage_new() };
    struct worker *worker;
    snprintf(names->group, sizeof names->group, "%sgroup", toy->prefix);
    snprintf(names->stage, sizeof names->stage, "%stoy", toy->prefix);
    snprintf(names->engine, sizeof names->engine, "toy-%d", number);
    snprintf(names->transactional_id, sizeof names->transactional_id, "%s%s-%d", toy->prefix,
        toy->instance == NULL ? "dynamic" : toy->instance, number);
    snprintf(names->instance, sizeof names->instance, "%s-%d", toy->instance == NULL ? "" : toy->instance, number);
    CHECK(sscanf(toy->redis, "%63[^:]:%d", names->host, &names->port) == 2);
    struct log_kafka_config kafka = { .brokers = toy->brokers,
        .group = names->group,
        .instance = toy->instance == NULL ? NULL : names->instance,
        .transactional_id = names->transactional_id,
        .topics = toy_topics,
        .properties = properties,
        .property_count = COUNT_OF(properties) };
    struct store_redis_config redis = {
        .addresses = { { names->host, names->port } }, .address_count = 1, .stage = names->stage
    };
    parts.config = (struct engine_config){ .name = names->engine,
        .batch_records_max = (size_t)atol(property("TOY_BATCH", "0")),
        .gather_ms = atoi(property("TOY_GATHER", "0")) };
    parts.store = store_redis_new(&redis);
    CHECK(log_kafka_new(&kafka, &parts.log, &fault) == STATUS_OK);
    CHECK(worker_start(&parts, &worker, &fault) == STATUS_OK);
    return worker;
}

static void print_health(const struct worker *worker)
{
    static const char *const metrics[] = {
#define METRIC(name, kind, sentence) #name,
#include "consumers/metric.def"
#undef METRIC
    };
    struct engine_health health;
    engine_health(worker_engine(worker), &health);
    fprintf(stderr, "%s", engine_state_name(health.state));
    for (int i = 0; i < ENGINE_METRIC_COUNT; i++)
        fprintf(stderr, " %s=%llu", metrics[i], (unsigned long long)health.metrics[i]);
    fprintf(stderr, "\n");
}

int toy_worker_run(const struct toy_worker *toy)
{
    static struct names names[WORKERS_MAX];
    struct worker *workers[WORKERS_MAX];
    sigset_t end;
    int signal_number;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigaddset(&end, SIGINT);
    sigprocmask(SIG_BLOCK, &end, NULL);
    toy_topics_prefix(toy->prefix);
    for (int i = 0; i < toy->workers; i++)
        workers[i] = start(toy, i, &names[i]);
    sigwait(&end, &signal_number);
    for (int i = 0; i < toy->workers; i++)
        worker_ask_to_stop(workers[i]);
    for (int i = 0; i < toy->workers; i++) {
        print_health(workers[i]);
        worker_stop(workers[i]);
    }
    return 0;
}

pid_t toy_worker_spawn(const struct toy_worker *worker)
{
    char count[8], instance[64];
    snprintf(count, sizeof count, "%d", worker->workers);
    snprintf(instance, sizeof instance, "%s", worker->instance == NULL ? "-" : worker->instance);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/proc/self/exe", "toy", "worker", worker->brokers, worker->redis, worker->prefix, instance, count,
            (char *)NULL);
        _exit(127);
    }
    return pid;
}

int toy_worker_main(int argc, char **argv)
{
    if (argc != 7 || strcmp(argv[1], "worker") != 0)
        return -1;
    struct toy_worker worker = { argv[2], argv[3], argv[4], strcmp(argv[5], "-") == 0 ? NULL : argv[5], atoi(argv[6]) };
    return toy_worker_run(&worker);
}
