/* bench-engine PACKS [RECORDS [PERSONS]]: what one worker computes for a record, without servers: the engine and the
 * person stage over a log and a store in memory, the records of the drain (records.h), and the processor time of each
 * step of a turn (consumers/engine_step.def). COLLECT, READ, COMMIT and WRITE are those of memory: what Kafka and Redis
 * cost, `run` measures. */
#include "base/arena.h"
#include "consumers/engine.h"
#include "consumers/home.h"
#include "consumers/log_memory.h"
#include "consumers/logline.h"
#include "consumers/stage_person.h"
#include "policy/pack_load.h"
#include "records.h"
#include "state/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PARTITIONS 12
#define BATCH 10000

static void must(enum status status, const struct fault *fault)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "bench-engine: %s: %s\n", status_name(status), fault->text);
    exit(1);
}

static int64_t cpu_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void load(struct memory_broker *broker, uint64_t records, uint32_t persons)
{
    for (uint64_t n = 0; n < records; n++) {
        struct bench_record record;
        bench_record_make(n, persons, &record);
        const struct log_output output = { .topic = bench_topics[record.topic],
            .partition = home_partition(text_of(record.key), PARTITIONS),
            .key = text_of(record.key),
            .value = { (const char *)record.value, record.length } };
        memory_broker_append(broker, &output, (instant){ 1700000000 + (int64_t)n / 1000, 0 });
    }
}

static uint64_t records_done(const struct engine *engine)
{
    struct engine_health health;
    engine_health(engine, &health);
    return health.metrics[ENGINE_METRIC_records];
}

static void drain(struct engine *engine, uint64_t records, int64_t step_ns[ENGINE_STEP_COUNT])
{
    struct fault fault = { .status = STATUS_OK };
    int64_t before = cpu_ns();
    while (records_done(engine) < records) {
        enum engine_step step = engine_next_step(engine);
        enum status status = engine_advance(engine, &fault);
        if (status_class(status) == STATUS_CLASS_STOP)
            must(status, &fault);
        int64_t now = cpu_ns();
        step_ns[step] += now - before;
        before = now;
    }
}

static void print(const int64_t step_ns[ENGINE_STEP_COUNT], uint64_t records)
{
    int64_t sum = 0;
    for (int step = 0; step < ENGINE_STEP_COUNT; step++) {
        printf("%-8s %6.0f ns a record\n", engine_step_name(step), (double)step_ns[step] / (double)records);
        sum += step_ns[step];
    }
    printf("%-8s %6.0f\n", "all", (double)sum / (double)records);
}

int main(int argc, char **argv)
{
    uint64_t records = argc > 2 ? strtoull(argv[2], NULL, 10) : 200000;
    uint32_t persons = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 40000;
    int64_t step_ns[ENGINE_STEP_COUNT] = { 0 };
    struct policy_packs packs;
    static struct pack_report report;
    struct arena *pack_arena = arena_new(PACK_ARENA_BYTES);
    struct engine *engine = NULL;
    struct fault fault = { .status = STATUS_OK };
    if (argc < 2 || records == 0 || persons == 0) {
        fprintf(stderr, "usage: bench-engine PACKS [RECORDS [PERSONS]]\n");
        return 2;
    }
    must(policy_packs_load(argv[1], pack_arena, &report, &packs), &fault);
    struct memory_broker *broker = memory_broker_new(PARTITIONS);
    load(broker, records, persons);
    struct stage *stage = stage_person_new(&(struct stage_person_config){ .context = { .packs = &packs } });
    struct log *log = log_memory_new(broker, stage_person_topics);
    struct store *store = store_memory_new();
    logline_set_least(LOGLINE_WARNING);
    must(engine_new(&(struct engine_config){ .batch_records_max = BATCH }, log, store, stage, &engine, &fault), &fault);
    drain(engine, records, step_ns);
    print(step_ns, records);
    engine_free(engine);
    log->ops->close(log);
    store->ops->free(store);
    stage->ops->free(stage);
    memory_broker_free(broker);
    arena_free(pack_arena);
    return 0;
}
