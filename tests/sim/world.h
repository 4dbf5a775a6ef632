/** One run: workers of every stage over one broker and a store per stage, moved one engine step at a time by a
 *  scheduler that crashes, freezes, fences, rebalances and rolls back between any two steps; then calm, and the
 *  comparison. */
#pragma once

#include "tests/sim/county.h"
#include "tests/sim/log.h"
#include "tests/sim/oracle.h"
#include "tests/sim/store.h"

#define WORLD_WORKERS_MAX 32

/** What the simulation has to know of a stage: how it is made. Everything else it finds in the stage's own table. */
struct sim_stage {
    const char *name;
    struct stage *(*open)(const struct consumer_context *context);
    bool is_sequence; /* what it says follows from the order of what came from outside alone: reference.c compares */
};
extern const struct sim_stage sim_stages[];
enum { SIM_STAGE_PERSON, SIM_STAGE_ROSTER, SIM_STAGE_FUND };
extern const size_t sim_stage_count;

struct sim_worker {
    struct sim_process process;
    int stage, slot;
    bool is_replaced; /* another process has its slot */
    bool is_frozen;
    bool is_idle; /* nothing to do when it last looked */
    struct log *log;
    struct store *store;
    struct stage *object;
    struct engine *engine;
    struct sim *sim;
};

struct sim_part {
    struct sim_group *group;
    struct sim_place place;
    int slots;
    struct sim_worker *holders[SIM_SLOTS_MAX]; /* NULL: it crashed */
    int processes;                             /* begun so far */
};

struct sim_world {
    struct sim *sim;
    const struct consumer_context *context;
    struct sim_broker broker;
    struct county county;
    struct oracle oracle;
    size_t sent; /* of the county's records */
    int left;    /* turns of the storm, once they are sent */
    struct sim_part parts[SIM_STAGES_MAX];
    struct sim_worker *workers[WORLD_WORKERS_MAX]; /* all that live, replaced and frozen ones too */
    size_t worker_count;
    struct engine_config config;
};

/** A whole run under a seed; ends the process if it finds something. Returns what was paid, in fen. */
int64_t world_run(struct sim *sim, const struct consumer_context *context, struct arena *scratch);

/** Of worker.c. */
void world_start_worker(struct sim_world *world, int stage, int slot);
void world_end_worker(struct sim_world *world, struct sim_worker *worker);
/** One engine step. */
void world_step(struct sim_world *world, struct sim_worker *worker);

/** Of reference.c: fails unless a stage said exactly what it says when nothing ever goes wrong. */
void world_check_sequence(struct sim_world *world, int stage);

/** How many of the county's records may be sent by now. */
size_t world_sendable(const struct sim_world *world);

/** Of weather.c: one turn of the scheduler. */
void world_turn(struct sim_world *world);
