#include "consumers/worker.h"

#include "consumers/logline.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

struct worker {
    struct worker_parts parts;
    struct engine *engine;
    pthread_t thread;
    atomic_bool is_asked_to_stop;
    pthread_mutex_t lock; /* of what ended it */
    enum status ended;
    struct fault fault;
};

static void free_parts(const struct worker_parts *parts)
{
    if (parts->log != NULL)
        parts->log->ops->close(parts->log);
    if (parts->store != NULL)
        parts->store->ops->free(parts->store);
    if (parts->stage != NULL)
        parts->stage->ops->free(parts->stage);
}

static void note_end(struct worker *worker, enum status status, const struct fault *fault)
{
    pthread_mutex_lock(&worker->lock);
    worker->ended = status;
    worker->fault = *fault;
    pthread_mutex_unlock(&worker->lock);
    logline(LOGLINE_ERROR, "worker ended", "engine", worker->parts.config.name, "status", status_name(status), "field",
        fault->field, "cause", fault->text, NULL);
}

static void *run(void *context)
{
    struct worker *worker = context;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE); /* a Redis that goes away is a failed call, not the end of the process */
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    while (!atomic_load(&worker->is_asked_to_stop)) {
        struct fault fault = { .status = STATUS_OK };
        enum status status = engine_turn(worker->engine, &fault);
        if (status_class(status) != STATUS_CLASS_STOP)
            continue;
        note_end(worker, status, &fault);
        break;
    }
    return NULL;
}

enum status worker_start(const struct worker_parts *parts, struct worker **ret_worker, struct fault *fault)
{
    struct worker *worker = calloc(1, sizeof *worker);
    enum status status = fault_set(fault, STATUS_SYSTEM, "worker", "out of memory");
    if (worker == NULL)
        goto out;
    worker->parts = *parts;
    pthread_mutex_init(&worker->lock, NULL);
    status = engine_new(&parts->config, parts->log, parts->store, parts->stage, &worker->engine, fault);
    if (status != STATUS_OK)
        goto out;
    if (pthread_create(&worker->thread, NULL, run, worker) != 0) {
        status = fault_set(fault, STATUS_SYSTEM, "worker", "cannot start a thread");
        goto out;
    }
    *ret_worker = worker;
    return STATUS_OK;
out:
    if (worker != NULL)
        engine_free(worker->engine);
    free_parts(parts);
    free(worker);
    return status;
}

void worker_ask_to_stop(struct worker *worker)
{
    atomic_store(&worker->is_asked_to_stop, true);
}

void worker_stop(struct worker *worker)
{
    if (worker == NULL)
        return;
    worker_ask_to_stop(worker);
    pthread_join(worker->thread, NULL);
    engine_free(worker->engine);
    free_parts(&worker->parts);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

enum status worker_status(struct worker *worker, struct fault *ret_fault)
{
    pthread_mutex_lock(&worker->lock);
    enum status ended = worker->ended;
    if (ret_fault != NULL)
        *ret_fault = worker->fault;
    pthread_mutex_unlock(&worker->lock);
    return ended;
}

const struct engine *worker_engine(const struct worker *worker)
{
    return worker->engine;
}
