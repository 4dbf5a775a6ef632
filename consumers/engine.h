/** Exactly once, across Kafka and Redis: reads batches of records, folds them through a stage, commits outputs and
 *  positions in one Kafka transaction and then writes the store under compare-and-set (docs/architecture.md, "The
 *  engine").
 *
 *  One thread drives an engine, by turns; `engine_health` alone may be called from another. */
#pragma once

#include "consumers/log.h"
#include "consumers/stage.h"
#include "state/store.h"

#define ENGINE_TOPICS_MAX 16
#define ENGINE_STOPPED_SHOWN 16

enum engine_metric {
#define METRIC(name, kind, sentence) ENGINE_METRIC_##name,
#include "consumers/metric.def"
#undef METRIC
    ENGINE_METRIC_COUNT
};

/** Where time comes from. NULL functions: the system's. A simulation brings its own. */
struct engine_clock {
    instant (*now)(void *context);        /* of day: what a stage is told */
    int64_t (*elapsed_ms)(void *context); /* monotonic: waiting and backing off */
    void *context;
};

/** What a broken invariant was computed from. It holds personal data: it goes to no log. Lent. */
struct engine_evidence {
    const char *engine;
    const char *topic; /* of the record at hand; then where it stands */
    int32_t partition;
    int64_t offset;
    const struct log_output *records; /* that lead there again, of input topics */
    size_t count;
};
/** Who keeps it; NULL function: nobody. */
struct engine_witness {
    void (*tell)(void *context, const struct engine_evidence *evidence);
    void *context;
};

/** Zero in a number means the default. */
struct engine_config {
    const char *name;         /* "person-0": in log lines; lent for the engine's life */
    size_t arena_bytes;       /* reserved, not used: 1 GiB */
    size_t batch_records_max; /* 20,000 */
    int gather_ms;            /* how long a batch waits for more after its first record: 5 */
    int wait_ms;              /* how long a turn waits when nothing comes: 100 */
    int backoff_first_ms;     /* 50, doubled up to */
    int backoff_most_ms;      /* 5,000 */
    bool time_of_record;      /* a stage is told the time of its record, not the clock's: `replay` */
    struct engine_clock clock;
    struct engine_witness witness;
};

/** The named steps of a turn. */
enum engine_step {
#define STEP(name, function) ENGINE_STEP_##name,
#include "consumers/engine_step.def"
#undef STEP
    ENGINE_STEP_COUNT
};
const char *engine_step_name(enum engine_step step);

struct engine;

/** Opens no connection and reads nothing. Lends log, store and stage for its life; the caller frees them afterwards.
 *  BAD_CONFIG (too many topics), SYSTEM (no memory). */
NODISCARD enum status engine_new(const struct engine_config *config, struct log *log, struct store *store,
    struct stage *stage, struct engine **ret_engine, struct fault *fault);

/** One turn: one batch, or one try at recovery, or a wait of at most `wait_ms`. What the status' class says: OK; RETRY:
 *  nothing to do, or a server is away: go on; ABORT: the batch was thrown away and recovery is next: go on; STOP: no
 *  turn will ever succeed, `fault` says why. */
enum status engine_turn(struct engine *engine, struct fault *fault);

/** One named step of a turn, for a simulation that stops in between; `engine_turn` is this until the turn is over. */
enum status engine_advance(struct engine *engine, struct fault *fault);
/** The step that comes next; COLLECT or RECOVER at the beginning of a turn. */
enum engine_step engine_next_step(const struct engine *engine);

/** Between turns. Gives back what the log lent; what was not committed is as if never read. */
void engine_free(struct engine *engine);

enum engine_state {
    ENGINE_STARTING, /* no partition yet */
    ENGINE_WAITING_FOR_KAFKA,
    ENGINE_WAITING_FOR_REDIS,
    ENGINE_RECOVERING, /* some partition is behind what was committed */
    ENGINE_LIVE,
};
const char *engine_state_name(enum engine_state state); /* "waiting for redis" */

/** A snapshot, consistent in itself. */
struct engine_health {
    enum engine_state state;
    int64_t behind;    /* records that recovery has still to read, over all partitions */
    size_t partitions; /* owned now */
    size_t partitions_live;
    size_t partitions_stopped;             /* by a broken invariant or a damaged value: they wait for a person */
    int32_t stopped[ENGINE_STOPPED_SHOWN]; /* the first of them */
    char cause[192];                       /* why it waits or stopped a partition last; empty when it never did */
    uint64_t metrics[ENGINE_METRIC_COUNT];
};
void engine_health(const struct engine *engine, struct engine_health *ret_health);
