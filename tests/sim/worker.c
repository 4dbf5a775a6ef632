#include "tests/sim/world.h"

#include "consumers/stage_fund.h"
#include "consumers/stage_person.h"
#include "consumers/stage_roster.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- The stages ---- */

static struct stage *open_person(const struct consumer_context *context)
{
    const struct stage_person_config config = { .context = *context, .visit_most = 2 };
    return stage_person_new(&config);
}

static struct stage *open_fund(const struct consumer_context *context)
{
    const struct stage_fund_config config = { .context = *context };
    return stage_fund_new(&config);
}

const struct sim_stage sim_stages[] = {
    [SIM_STAGE_PERSON] = { "person", open_person, false },
    [SIM_STAGE_ROSTER] = { "roster", stage_roster_new, true },
    [SIM_STAGE_FUND] = { "fund", open_fund, false },
};
const size_t sim_stage_count = COUNT_OF(sim_stages);

/* ---- A worker's clocks: time passes by looking ---- */

static instant worker_now(void *context)
{
    const struct sim_worker *worker = context;
    return (instant){ worker->sim->now_seconds + worker->process.skew_seconds, 0 };
}

static int64_t worker_elapsed_ms(void *context)
{
    return ++((struct sim_worker *)context)->process.elapsed_ms;
}

/* ---- Its life ---- */

void world_start_worker(struct sim_world *world, int stage, int slot)
{
    struct sim_part *part = &world->parts[stage];
    struct sim_worker *worker = calloc(1, sizeof *worker);
    CHECK(worker != NULL && world->worker_count < WORLD_WORKERS_MAX);
    worker->sim = world->sim;
    worker->stage = stage;
    worker->slot = slot;
    snprintf(
        worker->process.name, sizeof worker->process.name, "%s-%d.%d", sim_stages[stage].name, slot, part->processes++);
    worker->log = sim_log_new(&world->broker, part->group, slot, &worker->process);
    worker->store = sim_store_new(&part->place, &worker->process);
    worker->object = sim_stages[stage].open(world->context);
    struct engine_config config = world->config;
    config.name = worker->process.name;
    config.clock = (struct engine_clock){ worker_now, worker_elapsed_ms, worker };
    enum status status = engine_new(&config, worker->log, worker->store, worker->object, &worker->engine, NULL);
    CHECK(status == STATUS_OK);
    world->workers[world->worker_count++] = worker;
    part->holders[slot] = worker;
    sim_say(world->sim, "%s starts", worker->process.name);
}

void world_end_worker(struct sim_world *world, struct sim_worker *worker)
{
    size_t at = 0;
    sim_say(world->sim, "%s ends", worker->process.name);
    while (world->workers[at] != worker)
        at++;
    world->workers[at] = world->workers[--world->worker_count];
    struct sim_worker **holder = &world->parts[worker->stage].holders[worker->slot];
    if (*holder == worker)
        *holder = NULL;
    engine_free(worker->engine);
    worker->log->ops->close(worker->log);
    worker->store->ops->free(worker->store);
    worker->object->ops->free(worker->object);
    free(worker);
}

static void check_health(const struct sim_world *world, const struct sim_worker *worker)
{
    struct engine_health health;
    engine_health(worker->engine, &health);
    if (health.partitions_stopped != 0)
        sim_fail(world->sim, "%s stopped a partition: %s", worker->process.name, health.cause);
}

void world_step(struct sim_world *world, struct sim_worker *worker)
{
    struct fault fault = { .status = STATUS_OK };
    enum engine_step step = engine_next_step(worker->engine);
    enum status status = engine_advance(worker->engine, &fault);
    sim_say(world->sim, "%s %s: %s", worker->process.name, engine_step_name(step), status_name(status));
    worker->is_idle = status == STATUS_AGAIN;
    if (status_class(status) == STATUS_CLASS_STOP && !worker->process.is_dead && !worker->is_replaced)
        sim_fail(world->sim, "%s stopped: %s (%s)", worker->process.name, status_name(status), fault.text);
    check_health(world, worker);
    if (status_class(status) == STATUS_CLASS_STOP || worker->process.is_dead)
        world_end_worker(world, worker);
}
