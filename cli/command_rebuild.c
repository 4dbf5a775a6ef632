#include "cli/command.h"
#include "cli/config_store.h"
#include "cli/kafka.h"
#include "cli/loaded.h"
#include "cli/rebuild_compare.h"
#include "cli/servers.h"
#include "cli/stages.h"

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STAGES_MAX 8
#define PAUSE_MS 1000

struct options {
    struct servers_options servers;
    const char *packs;
    int workers; /* 0: as many as the configuration has */
    bool verify_only;
};

/** What is known of a stage before its partitions are built, and what came of them. */
struct stage_work {
    const struct stages_entry *entry;
    struct stage *any; /* to know its topics by; nothing runs it */
    char group[192];
    int32_t partitions;
    uint64_t records, compared, differing;
};

struct session {
    const struct command *command;
    struct options options;
    struct loaded loaded;
    struct consumer_context context;
    struct stage_work stages[STAGES_MAX];

    /* Shared by the threads. */
    pthread_mutex_t lock;
    size_t next_stage;
    int32_t next_partition;
    bool has_failed;
};

/* One partition of one stage. */
struct job {
    struct session *session;
    struct stage_work *work;
    int32_t partition;
    char store_name[CONFIG_STORE_NAME_SIZE];
    char engine_name[64];
    struct store *live, *built; /* without --verify-only the same */
    struct stage *stage;
    struct rebuild *rebuild;
    struct fault fault;
};

/* ---- A job ---- */

static enum status open_rebuild(struct job *job)
{
    const struct config *config = &job->session->loaded.config;
    const struct log_kafka_config log_config = { .brokers = config->kafka.brokers,
        .group = job->work->group,
        .topics = job->stage->ops->topics,
        .sends_home = job->stage->ops->sends_home,
        .partitions = &job->partition,
        .partition_count = 1,
        .properties = config->kafka.properties.items,
        .property_count = config->kafka.properties.count };
    struct rebuild_parts parts = { .config = { .name = job->engine_name,
                                       .arena_bytes = (size_t)config->batch_arena_mb << 20,
                                       .batch_records_max = (size_t)config->batch_records },
        .partition = job->partition,
        .store = job->built,
        .stage = job->stage };
    snprintf(job->engine_name, sizeof job->engine_name, "rebuild-%s-%d", job->work->entry->name, (int)job->partition);
    enum status status = log_kafka_new(&log_config, &parts.log, &job->fault);
    return status == STATUS_OK ? rebuild_new(&parts, &job->rebuild, &job->fault) : status;
}

static void open_stores(struct job *job)
{
    struct session *session = job->session;
    const struct stages_ground ground = { &session->context, session->loaded.config.secret };
    job->stage = job->work->entry->make(&ground);
    job->live = config_store_new(&session->loaded.config, job->work->entry->name, job->store_name);
    job->built = session->options.verify_only ? store_memory_new() : job->live;
    CHECK(job->stage != NULL && job->live != NULL && job->built != NULL);
}

static void close_job(struct job *job)
{
    rebuild_free(job->rebuild);
    if (job->built != job->live)
        job->built->ops->free(job->built);
    job->live->ops->free(job->live);
    job->stage->ops->free(job->stage);
}

static enum status do_job(struct job *job, struct rebuild_comparison *comparison)
{
    const struct session *session = job->session;
    enum status status = open_rebuild(job);
    if (status == STATUS_OK && !session->options.verify_only)
        status = rebuild_to_committed(job->rebuild, &job->fault);
    if (status != STATUS_OK || !session->options.verify_only)
        return status;
    const struct rebuild_sides sides = { job->live, job->built, job->rebuild, job->partition, PAUSE_MS };
    return rebuild_compare(&sides, comparison, &job->fault);
}

static void print_differences(const struct job *job, const struct rebuild_comparison *comparison)
{
    for (uint64_t i = 0; i < comparison->differing && i < REBUILD_DIFFERENCES_SHOWN; i++) {
        printf("%s partition %d: value ", job->work->entry->name, (int)job->partition);
        for (size_t byte = 0; byte < sizeof comparison->shown[i].bytes; byte++)
            printf("%02x", comparison->shown[i].bytes[byte]);
        printf(" differs\n");
    }
}

static void note(struct job *job, enum status status, const struct rebuild_comparison *comparison)
{
    struct session *session = job->session;
    pthread_mutex_lock(&session->lock);
    if (status != STATUS_OK)
        command_complain(session->command, "%s partition %d: %s: %s", job->work->entry->name, (int)job->partition,
            status_name(status), job->fault.text);
    session->has_failed |= status != STATUS_OK;
    if (job->rebuild != NULL)
        job->work->records += rebuild_records(job->rebuild);
    job->work->compared += comparison->compared;
    job->work->differing += comparison->differing;
    print_differences(job, comparison);
    pthread_mutex_unlock(&session->lock);
}

/* ---- All jobs ---- */

static bool take_job(struct session *session, struct job *ret_job)
{
    bool found = false;
    pthread_mutex_lock(&session->lock);
    while (session->next_stage < stages_count && !found) {
        struct stage_work *work = &session->stages[session->next_stage];
        found = session->next_partition < work->partitions;
        if (found)
            *ret_job = (struct job){ .session = session, .work = work, .partition = session->next_partition++ };
        else {
            session->next_stage++;
            session->next_partition = 0;
        }
    }
    pthread_mutex_unlock(&session->lock);
    return found;
}

static void *run_jobs(void *context)
{
    struct job job;
    while (take_job(context, &job)) {
        struct rebuild_comparison comparison = { .compared = 0 };
        open_stores(&job);
        enum status status = do_job(&job, &comparison);
        note(&job, status, &comparison);
        close_job(&job);
    }
    return NULL;
}

static int64_t elapsed_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int report(const struct session *session, int64_t took_ms)
{
    uint64_t records = 0, differing = 0;
    for (size_t i = 0; i < stages_count; i++) {
        const struct stage_work *work = &session->stages[i];
        records += work->records;
        differing += work->differing;
        printf("%s: %d partitions, %llu records", work->entry->name, (int)work->partitions,
            (unsigned long long)work->records);
        if (session->options.verify_only)
            printf(", %llu values compared, %llu differ", (unsigned long long)work->compared,
                (unsigned long long)work->differing);
        putchar('\n');
    }
    printf("%llu records in %lld.%03lld s, %llu records/s\n", (unsigned long long)records, (long long)(took_ms / 1000),
        (long long)(took_ms % 1000), (unsigned long long)(records * 1000 / (uint64_t)(took_ms + 1)));
    return session->has_failed || differing != 0 ? EXIT_CODE_FAILED : EXIT_CODE_DONE;
}

static int run(struct session *session, int workers)
{
    pthread_t threads[CONFIG_WORKERS_MAX];
    int64_t began_ms = elapsed_ms();
    int started = 0;
    signal(SIGPIPE, SIG_IGN);
    while (started < workers && pthread_create(&threads[started], NULL, run_jobs, session) == 0)
        started++;
    CHECK(started > 0);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return report(session, elapsed_ms() - began_ms);
}

/* ---- What must hold before ---- */

/* All topics of a stage are there, with as many partitions as the first. */
static bool count_partitions(
    const struct session *session, const struct rd_kafka_metadata *metadata, struct stage_work *work)
{
    for (const char *const *name = work->any->ops->topics; *name != NULL; name++) {
        const struct rd_kafka_metadata_topic *topic = kafka_find_topic(metadata, *name);
        if (topic == NULL || (work->partitions != 0 && topic->partition_cnt != work->partitions)) {
            command_complain(
                session->command, topic == NULL ? "%s: no such topic" : "%s has another number of partitions", *name);
            return false;
        }
        work->partitions = topic->partition_cnt;
    }
    return true;
}

/* A processor at work would write what we write. Its compare-and-set keeps the two from mixing, but who starts this
 * beside it has mistaken something. */
static bool is_group_empty(const struct session *session, rd_kafka_t *client, const struct stage_work *work)
{
    size_t members = 0;
    if (!kafka_group_members(session->command, client, work->group, &members))
        return false;
    if (members != 0)
        command_complain(session->command,
            "the group %s has %zu members: stop every settled first; one that was stopped is counted until its "
            "session.timeout.ms is over (45 s). To compare beside a running one: --verify-only",
            work->group, members);
    return members == 0;
}

static bool is_partition_empty(struct store *store, struct arena *arena, int32_t partition, struct fault *fault)
{
    struct store_read read = { .partition = partition };
    struct store_key key;
    size_t count = 0;
    if (store->ops->read(store, arena, &read, 1, fault) != STATUS_OK
        || store->ops->scan(store, partition, NULL, 1, &key, &count, fault) != STATUS_OK)
        return false;
    if (count != 0 || !text_is_empty(read.ret_offsets))
        (void)fault_set(fault, STATUS_BAD_CONFIG, "redis",
            "partition %d is not empty: take another --database or --namespace, or delete what is there. What a "
            "rebuild "
            "left half done, settled itself completes when it is started",
            (int)partition);
    return count == 0 && text_is_empty(read.ret_offsets);
}

static bool is_store_empty(const struct session *session, const struct stage_work *work)
{
    char name[CONFIG_STORE_NAME_SIZE];
    struct fault fault = { .status = STATUS_OK };
    struct arena *arena = arena_new(CONFIG_ARENA_BYTES);
    struct store *store = config_store_new(&session->loaded.config, work->entry->name, name);
    bool empty = true;
    CHECK(arena != NULL && store != NULL);
    for (int32_t partition = 0; partition < work->partitions && empty; partition++)
        empty = is_partition_empty(store, arena, partition, &fault);
    if (!empty)
        command_complain(session->command, "Redis, %s: %s", name, fault.text);
    store->ops->free(store);
    arena_free(arena);
    return empty;
}

static bool is_ready(struct session *session, rd_kafka_t *client, const struct rd_kafka_metadata *metadata)
{
    const struct stages_ground ground = { &session->context, session->loaded.config.secret };
    bool good = true;
    for (size_t i = 0; i < stages_count && good; i++) {
        struct stage_work *work = &session->stages[i];
        work->entry = &stages_all[i];
        work->any = work->entry->make(&ground);
        CHECK(work->any != NULL);
        snprintf(work->group, sizeof work->group, "%s-%s", session->loaded.config.kafka.group, work->entry->name);
        good = count_partitions(session, metadata, work);
        if (good && !session->options.verify_only)
            good = is_group_empty(session, client, work) && is_store_empty(session, work);
    }
    return good;
}

static bool look_before(struct session *session)
{
    const struct kafka_place place = { session->command, &session->loaded.config, RD_KAFKA_PRODUCER };
    rd_kafka_t *client = kafka_open(&place, kafka_conf_new(&place, NULL, 0));
    const struct rd_kafka_metadata *metadata = client == NULL ? NULL : kafka_metadata(session->command, client);
    bool good = metadata != NULL && is_ready(session, client, metadata);
    if (metadata != NULL)
        rd_kafka_metadata_destroy(metadata);
    if (client != NULL)
        rd_kafka_destroy(client);
    return good;
}

/* ---- The command ---- */

static int rebuild(struct session *session)
{
    int code = EXIT_CODE_FAILED;
    CHECK(stages_count <= STAGES_MAX);
    if (!loaded_begin(session->command, &session->options.servers, session->options.packs, &session->loaded))
        return EXIT_CODE_FAILED;
    session->context.packs = &session->loaded.packs;
    pthread_mutex_init(&session->lock, NULL);
    if (look_before(session))
        code = run(session, session->options.workers != 0 ? session->options.workers : session->loaded.config.workers);
    for (size_t i = 0; i < stages_count; i++)
        if (session->stages[i].any != NULL)
            session->stages[i].any->ops->free(session->stages[i].any);
    pthread_mutex_destroy(&session->lock);
    loaded_end(&session->loaded);
    return code;
}

static bool read_workers(const char *text, int *ret_workers)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 1 || number > CONFIG_WORKERS_MAX)
        return false;
    *ret_workers = (int)number;
    return true;
}

/* Where it lies in Redis is the variable of the same meaning, so that it is read and refused by the same code. */
static bool take_option(int c, struct options *options)
{
    if (c == 'P')
        options->packs = optarg;
    else if (c == 'W')
        return read_workers(optarg, &options->workers);
    else if (c == 'V')
        options->verify_only = true;
    else if (c == 'D')
        return setenv("SETTLED_REDIS_DATABASE", optarg, 1) == 0;
    else if (c == 'N')
        return setenv("SETTLED_REDIS_NAMESPACE", optarg, 1) == 0;
    else
        return servers_option(c, optarg, &options->servers);
    return true;
}

int command_rebuild(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "packs", required_argument, NULL, 'P' },
        { "database", required_argument, NULL, 'D' },
        { "namespace", required_argument, NULL, 'N' },
        { "workers", required_argument, NULL, 'W' },
        { "verify-only", no_argument, NULL, 'V' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self };
    logline_set_least(LOGLINE_WARNING);
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session.options))
            return command_misused(self);
    return optind == argc ? rebuild(&session) : command_misused(self);
}
