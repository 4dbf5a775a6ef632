/* settled --config FILE: the processor. */
#include "cli/repro.h"
#include "cli/settled_close.h"
#include "cli/settled_http.h"
#include "policy/pack_yaml.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* How a service manager reads the end: 2 is a mistake of configuration, which no restart mends. */
enum exit_code { EXIT_CLEAN = 0, EXIT_STOPPED = 1, EXIT_REFUSED = 2 };

#define LOOK_MS 200 /* how soon the end of a worker is noticed */

static void log_fault(const char *message, const char *worker, const struct fault *fault)
{
    logline(LOGLINE_ERROR, message, "worker", worker, "status", status_name(fault->status), "field", fault->field,
        "cause", fault->text, NULL);
}

/* SIGTERM and SIGINT are waited for here and nowhere else; threads inherit the mask. */
static void take_signals(sigset_t *ret_signals)
{
    sigemptyset(ret_signals);
    sigaddset(ret_signals, SIGTERM);
    sigaddset(ret_signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static enum exit_code watch(const struct settled_workers *workers, const sigset_t *signals)
{
    const struct timespec look = { .tv_nsec = LOOK_MS * 1000000L };
    for (;;) {
        const char *name;
        struct fault fault;
        int signal_number = sigtimedwait(signals, NULL, &look);
        if (signal_number > 0) {
            logline(LOGLINE_INFO, "asked to stop", "signal", signal_number == SIGTERM ? "SIGTERM" : "SIGINT", NULL);
            return EXIT_CLEAN;
        }
        if (settled_workers_status(workers, &name, &fault) != STATUS_OK) {
            log_fault("stopping, because a worker ended", name, &fault);
            return EXIT_STOPPED;
        }
    }
}

static void log_start(const struct config *config, const struct policy_packs *packs)
{
    char workers[16], regions[16];
    snprintf(workers, sizeof workers, "%d", config->workers);
    snprintf(regions, sizeof regions, "%zu", packs->count);
    logline(LOGLINE_INFO, "starting", "version", SETTLED_VERSION, "instance", config->instance, "workers", workers,
        "packs", regions, NULL);
    if (config->seal.count != 0)
        logline(LOGLINE_INFO, "values are sealed", "key", config->seal.items[config->seal.count - 1].name, NULL);
    if (!config->has_own_secret)
        logline(LOGLINE_WARNING,
            "state.key_file is not set: who knows a person's id can find that person's value in Redis", NULL);
}

static enum exit_code run(const struct config *config, const struct policy_packs *packs, const sigset_t *signals)
{
    struct settled_workers *workers = NULL;
    struct settled_http *http = NULL;
    struct settled_close *close = NULL;
    struct fault fault = { .status = STATUS_OK };
    enum exit_code code = EXIT_STOPPED;
    log_start(config, packs);
    enum status status = settled_workers_start(config, packs, &workers, &fault);
    if (status == STATUS_OK && config->listen.host != NULL)
        status = settled_http_start(&config->listen, workers, &http, &fault);
    if (status == STATUS_OK)
        status = settled_close_start(config, packs, &close, &fault);
    if (status == STATUS_OK)
        code = watch(workers, signals);
    else {
        log_fault("cannot start", "", &fault);
        code = status == STATUS_BAD_CONFIG ? EXIT_REFUSED : EXIT_STOPPED;
    }
    settled_close_stop(close);
    settled_http_stop(http);
    settled_workers_stop(workers);
    logline(LOGLINE_INFO, "stopped", NULL);
    return code;
}

/* Asked at the start, because a broken invariant, the one time a repro is wanted, comes months later. */
static bool can_keep_repros(const struct config_folder *folder, struct pack_report *report)
{
    int error = folder->path == NULL ? 0 : repro_try(folder->path);
    if (error != 0)
        pack_problem_in(report, folder->place,
            "no file can be made in `%s`: %s; allowed: a folder that is there already", folder->path, strerror(error));
    return error == 0;
}

static enum exit_code configure_and_run(
    const char *path, struct arena *config_arena, struct arena *pack_arena, struct pack_report *report)
{
    struct config config;
    struct policy_packs packs;
    sigset_t signals;
    if (config_load(path, config_arena, report, &config) != STATUS_OK || !can_keep_repros(&config.repro_dir, report)
        || policy_packs_load(config.packs, pack_arena, report, &packs) != STATUS_OK) {
        config_print_report(report);
        return EXIT_REFUSED;
    }
    logline_set_least(config.log_level);
    take_signals(&signals);
    return run(&config, &packs, &signals);
}

static enum exit_code start(const char *path)
{
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    struct arena *pack_arena = arena_new(PACK_ARENA_BYTES);
    struct pack_report *report = calloc(1, sizeof *report);
    enum exit_code code = EXIT_STOPPED;
    if (config_arena == NULL || pack_arena == NULL || report == NULL)
        fprintf(stderr, "settled: out of memory\n");
    else
        code = configure_and_run(path, config_arena, pack_arena, report);
    free(report);
    arena_free(pack_arena);
    arena_free(config_arena);
    return code;
}

static enum exit_code usage(FILE *out, enum exit_code code)
{
    fprintf(out,
        "usage: settled --config FILE\n"
        "       settled --version\n\n"
        "Reads the topics of Kafka, settles, and writes settlements and warnings. The file is described in\n"
        "docs/operations.md; SETTLED_KAFKA_BROKERS, SETTLED_REDIS_ADDRESS and so on override it.\n");
    return code;
}

/* The files of this program:
 *
 *   what a user says
 *     config.h, config.c          from file and environment to one struct, or a report
 *     config_field.c              the table of all keys, and how each type is read
 *   what runs
 *     repro.c                     keeps what a broken invariant was computed from
 *     settled_workers.c           a log, a store and a stage for each worker; start, stop, status
 *     settled_close.c, closing.c  says on its day that a month or a year is over
 *   what others see
 *     settled_health.c            the workers' state as JSON and as Prometheus text
 *     settled_http.c              /healthz, /readyz and /metrics over HTTP
 *
 * and what a worker is made of:
 *
 *     consumers/worker.c          a thread that turns an engine
 *     consumers/engine.c          the turns: a table of steps, what a failure asks for, and the health snapshot
 *     consumers/engine_collect.c  polls events, and keeps the records of the next batch
 *     consumers/engine_batch.c    a batch: decode, read, fold, encode, commit, write
 *     consumers/engine_recover.c  from the store's offsets to the group's, with outputs suppressed
 *     consumers/engine_offsets.c  the text of positions that the store keeps
 *     consumers/view.c            the values a batch works on
 *     consumers/log_kafka*.c      the log over Kafka: a consumer and a transactional producer
 *     consumers/logline.c         one JSON line per event of the process
 *     consumers/stage_person.c    facts of persons in, settlements and warnings out
 *     consumers/stage_roster*.c   lists in, changes of single persons and receipts out
 *     consumers/message*.c        what all messages have in common; each topic has a file beside them
 *     state/store_redis.c         where states lie between batches
 *     state/person.c, fold*.c     a person's facts, and the fold of them to a ledger
 *     state/difference.c          what is new against what was emitted
 *     policy/settle.c             the rules of a pack over the encounters of a year
 *     policy/pack_load*.c         packs from YAML
 *     producers/                  a file per output topic: a difference becomes a record */
int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--config") == 0)
        return start(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return printf("settled %s\n", SETTLED_VERSION) < 0 ? EXIT_STOPPED : EXIT_CLEAN;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, EXIT_CLEAN);
    return usage(stderr, EXIT_REFUSED);
}
