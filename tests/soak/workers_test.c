/* Four workers of the person stage and four of the roster stage, each a thread with a log, a store and a stage of its
 * own, over two brokers in memory behind locks; packs are shared, and health is read all the time. For the thread
 * sanitizer: what is computed is looked at elsewhere. */
#include "cli/line.h"
#include "consumers/log_memory.h"
#include "consumers/logline.h"
#include "consumers/stage_person.h"
#include "consumers/stage_roster.h"
#include "consumers/worker.h"
#include "policy/pack_load.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define WORKERS 4
#define PARTITIONS 12
#define PATIENCE_MS 120000
#define LINE_BYTES ((size_t)16 << 20)

/* ---- A broker and a store that threads may share ---- */

struct place {
    pthread_mutex_t lock;
    struct memory_broker *broker;
    struct store *store;
    const char *const *topics;
    struct worker *workers[WORKERS];
};

struct locked_log {
    struct log log;
    struct log *real;
    struct place *place;
};

struct locked_store {
    struct store store;
    struct place *place;
};

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ 0, ms * 1000000L }, NULL);
}

#define LOCKED(base, call)                                                                                             \
    do {                                                                                                               \
        struct locked_log *locked = (struct locked_log *)(base);                                                       \
        pthread_mutex_lock(&locked->place->lock);                                                                      \
        enum status status = locked->real->ops->call;                                                                  \
        pthread_mutex_unlock(&locked->place->lock);                                                                    \
        return status;                                                                                                 \
    } while (0)

static enum status poll_now(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    LOCKED(log, poll(locked->real, wait_ms, ret_event, fault));
}

/* A log in memory waits for nothing. */
static enum status poll_log(struct log *log, int wait_ms, struct log_event *ret_event, struct fault *fault)
{
    enum status status = poll_now(log, wait_ms, ret_event, fault);
    if (status == STATUS_OK && ret_event->kind == LOG_NOTHING && wait_ms > 0)
        sleep_ms(1);
    return status;
}

static void release_record(struct log *log, struct log_record *record)
{
    (void)log, (void)record; /* the broker keeps everything */
}

static enum status start_log(struct log *log, const struct log_position *positions, size_t count, struct fault *fault)
{
    LOCKED(log, start(locked->real, positions, count, fault));
}

static void stop_log(struct log *log)
{
    struct locked_log *locked = (struct locked_log *)log;
    pthread_mutex_lock(&locked->place->lock);
    locked->real->ops->stop(locked->real);
    pthread_mutex_unlock(&locked->place->lock);
}

static enum status committed(struct log *log, struct log_position *positions, size_t count, struct fault *fault)
{
    LOCKED(log, committed(locked->real, positions, count, fault));
}

static enum status commit(struct log *log, const struct log_output *outputs, size_t output_count,
    const struct log_position *positions, size_t position_count, struct fault *fault)
{
    LOCKED(log, commit(locked->real, outputs, output_count, positions, position_count, fault));
}

static enum status reopen(struct log *log, struct fault *fault)
{
    LOCKED(log, reopen(locked->real, fault));
}

static void close_log(struct log *log)
{
    struct locked_log *locked = (struct locked_log *)log;
    pthread_mutex_lock(&locked->place->lock);
    locked->real->ops->close(locked->real);
    pthread_mutex_unlock(&locked->place->lock);
    free(locked);
}

static struct log *new_log(struct place *place)
{
    static const struct log_ops ops = { poll_log, release_record, start_log, stop_log, committed, commit, reopen,
        close_log };
    struct locked_log *locked = calloc(1, sizeof *locked);
    assert_non_null(locked);
    pthread_mutex_lock(&place->lock);
    *locked = (struct locked_log){ { &ops }, log_memory_new(place->broker, place->topics), place };
    pthread_mutex_unlock(&place->lock);
    return &locked->log;
}

static struct place *lock_store(struct store *store)
{
    struct place *place = ((struct locked_store *)store)->place;
    pthread_mutex_lock(&place->lock);
    return place;
}

static enum status read_store(
    struct store *store, struct arena *arena, struct store_read *reads, size_t count, struct fault *fault)
{
    struct place *place = lock_store(store);
    enum status status = place->store->ops->read(place->store, arena, reads, count, fault);
    pthread_mutex_unlock(&place->lock);
    return status;
}

static enum status write_store(struct store *store, struct store_write *writes, size_t count, struct fault *fault)
{
    struct place *place = lock_store(store);
    enum status status = place->store->ops->write(place->store, writes, count, fault);
    pthread_mutex_unlock(&place->lock);
    return status;
}

static enum status scan_store(struct store *store, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault)
{
    struct place *place = lock_store(store);
    enum status status = place->store->ops->scan(place->store, partition, after, limit, ret_keys, ret_count, fault);
    pthread_mutex_unlock(&place->lock);
    return status;
}

static void free_store(struct store *store)
{
    free(store);
}

static struct store *new_store(struct place *place)
{
    static const struct store_ops ops = {
        .read = read_store, .write = write_store, .scan = scan_store, .free = free_store
    };
    struct locked_store *locked = calloc(1, sizeof *locked);
    assert_non_null(locked);
    *locked = (struct locked_store){ { &ops }, place };
    return &locked->store;
}

/* ---- Workers ---- */

static void start_worker(struct place *place, int i, struct stage *stage)
{
    struct fault fault;
    const struct worker_parts parts = { .config = { .name = stage->ops->name, .batch_records_max = 200 },
        .log = new_log(place),
        .store = new_store(place),
        .stage = stage };
    assert_int_equal(worker_start(&parts, &place->workers[i], &fault), STATUS_OK);
}

static void begin(struct place *place, const char *const *names)
{
    *place = (struct place){ .broker = memory_broker_new(PARTITIONS), .store = store_memory_new(), .topics = names };
    pthread_mutex_init(&place->lock, NULL);
}

static void end(struct place *place)
{
    for (int i = 0; i < WORKERS; i++)
        worker_ask_to_stop(place->workers[i]);
    for (int i = 0; i < WORKERS; i++)
        worker_stop(place->workers[i]);
    memory_broker_free(place->broker);
    place->store->ops->free(place->store);
    pthread_mutex_destroy(&place->lock);
}

/* What /healthz and /metrics do, from another thread than the workers'. */
static void look(const struct place *place)
{
    for (int i = 0; i < WORKERS; i++) {
        struct engine_health health;
        if (place->workers[i] == NULL)
            continue;
        engine_health(worker_engine(place->workers[i]), &health);
        assert_int_equal(health.partitions_stopped, 0);
        assert_int_equal(worker_status(place->workers[i], NULL), STATUS_OK);
    }
}

/* ---- Records ---- */

static void append(struct place *place, const struct log_output *record)
{
    pthread_mutex_lock(&place->lock);
    memory_broker_append(place->broker, record, (instant){ 1, 0 });
    pthread_mutex_unlock(&place->lock);
}

static bool is_done_with(struct place *place, const char *topic, int32_t partition)
{
    pthread_mutex_lock(&place->lock);
    int64_t last = memory_broker_end(place->broker, topic, partition);
    while (last > 0 && memory_broker_record(place->broker, topic, partition, last - 1) == NULL)
        last--;
    bool is_done = last == 0 || memory_broker_committed(place->broker, topic, partition) >= last;
    pthread_mutex_unlock(&place->lock);
    return is_done;
}

static bool is_done(struct place *place)
{
    for (const char *const *topic = place->topics; *topic != NULL; topic++)
        for (int32_t partition = 0; partition < PARTITIONS; partition++)
            if (!is_done_with(place, *topic, partition))
                return false;
    return true;
}

static void wait_until_done(struct place *place)
{
    for (int ms = 0; !is_done(place); ms += 5) {
        assert_in_range(ms, 0, PATIENCE_MS);
        look(place);
        sleep_ms(5);
    }
}

static size_t count_records(struct place *place, const char *topic)
{
    size_t count = 0;
    for (int32_t partition = 0; partition < PARTITIONS; partition++)
        for (int64_t offset = 0; offset < memory_broker_end(place->broker, topic, partition); offset++)
            count += memory_broker_record(place->broker, topic, partition, offset) != NULL;
    return count;
}

/* What lists become is read by the person stage; here from another broker. */
static size_t pass_on(struct place *from, struct place *to, const char *topic)
{
    size_t count = 0;
    for (int32_t partition = 0; partition < PARTITIONS; partition++)
        for (int64_t offset = 0; offset < memory_broker_end(from->broker, topic, partition); offset++) {
            const struct log_output *record = memory_broker_record(from->broker, topic, partition, offset);
            if (record == NULL)
                continue;
            append(to, record);
            count++;
        }
    return count;
}

static size_t feed(FILE *lines, size_t limit, struct place *persons, struct place *rosters)
{
    struct arena *arena = arena_new(LINE_BYTES);
    char *text = NULL;
    size_t capacity = 0, count = 0;
    ssize_t length;
    while (count < limit && (length = getline(&text, &capacity, lines)) > 0) {
        struct line line;
        struct fault fault;
        assert_int_equal(line_read(arena, (struct text){ text, (size_t)length - 1 }, &line, &fault), STATUS_OK);
        append(strcmp(line.record.topic, "roster-update") == 0 ? rosters : persons, &line.record);
        arena_reset(arena);
        look(persons);
        look(rosters);
        count++;
    }
    free(text);
    arena_free(arena);
    return count;
}

/* ---- The test ---- */

static FILE *generate(void)
{
    char command[1024];
    const char *bin = getenv("SETTLED_BIN");
    assert_non_null(bin);
    snprintf(command, sizeof command, "%s/settledctl generate --seed 4 --persons 300 --events 6000 --mix bad=2", bin);
    FILE *lines = popen(command, "r"); /* NOLINT: the folder is the build's own */
    assert_non_null(lines);
    return lines;
}

static void test_four_workers(void **state)
{
    (void)state;
    struct place persons, rosters;
    struct policy_packs packs;
    struct pack_report *report = calloc(1, sizeof *report);
    struct arena *arena = arena_new(PACK_ARENA_BYTES);
    assert_int_equal(policy_packs_load(SETTLED_SOURCE_DIR "/policy/packs", arena, report, &packs), STATUS_OK);
    struct stage_person_config config = { .context = { .packs = &packs } };
    begin(&persons, stage_person_topics);
    begin(&rosters, (const char *const[]){ "roster-update", NULL });
    for (int i = 0; i < WORKERS; i++) {
        start_worker(&persons, i, stage_person_new(&config));
        start_worker(&rosters, i, stage_roster_new(&config.context));
    }
    FILE *lines = generate();
    assert_int_equal(feed(lines, 2000, &persons, &rosters), 2000);
    worker_stop(persons.workers[3]);
    persons.workers[3] = NULL;
    assert_int_equal(feed(lines, 2000, &persons, &rosters), 2000);
    start_worker(&persons, 3, stage_person_new(&config));
    assert_true(feed(lines, SIZE_MAX, &persons, &rosters) > 2000);
    assert_int_equal(pclose(lines), 0);
    wait_until_done(&rosters);
    assert_true(pass_on(&rosters, &persons, "identity-change") > 100);
    wait_until_done(&persons);
    assert_true(count_records(&persons, "settlement") > 1000);
    assert_true(count_records(&persons, "rejection") > 10);
    assert_true(count_records(&rosters, "roster-receipt") > 10);
    end(&persons);
    end(&rosters);
    arena_free(arena);
    free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_four_workers) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
