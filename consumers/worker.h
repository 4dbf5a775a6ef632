/** One worker: a thread that turns one engine until it is told to stop. */
#pragma once

#include "consumers/engine.h"

/** What a worker runs; the worker owns log, store and stage from `worker_start` on, also when that fails. */
struct worker_parts {
    struct engine_config config;
    struct log *log;
    struct store *store;
    struct stage *stage;
};

struct worker;

/** BAD_CONFIG, SYSTEM, or OK: the thread runs. */
NODISCARD enum status worker_start(const struct worker_parts *parts, struct worker **ret_worker, struct fault *fault);
/** Asks it to end after the batch at hand; returns at once. */
void worker_ask_to_stop(struct worker *worker);
/** Asks, waits, closes the consumer cleanly and frees everything. */
void worker_stop(struct worker *worker);

/** OK while it runs; else the status of class STOP that ended it, with `fault`. Any thread. */
enum status worker_status(struct worker *worker, struct fault *ret_fault);
const struct engine *worker_engine(const struct worker *worker); /* for engine_health; any thread */
