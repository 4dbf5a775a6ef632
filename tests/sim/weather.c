/* What happens between two steps. */
#include "tests/sim/world.h"

/* How soon what went away comes back, in turns. */
#define SLOT_STAYS_EMPTY 15
#define FROZEN_FOR 40
#define OUTAGE_FOR 30
#define HANGS_FOR 40

static struct sim_worker *any_worker(struct sim_world *world)
{
    return world->worker_count == 0 ? NULL : world->workers[sim_roll(world->sim, (int)world->worker_count)];
}

static struct sim_part *any_part(struct sim_world *world)
{
    return &world->parts[sim_roll(world->sim, (int)sim_stage_count)];
}

/* ---- Workers ---- */

/* Its process stands still, in the middle of whatever it did; the group may take it for dead, and its slot may be given
 * to another. */
static void freeze(struct sim_world *world, struct sim_worker *worker)
{
    struct sim *sim = world->sim;
    worker->is_frozen = true;
    sim_say(sim, "%s freezes before %s", worker->process.name, engine_step_name(engine_next_step(worker->engine)));
    if (sim_one_in(sim, 2))
        sim_log_expel(worker->log);
    if (worker->is_replaced || world->worker_count + 8 > WORLD_WORKERS_MAX
        || !sim_happens(sim, sim->weather.replace_frozen))
        return;
    sim_log_replace(worker->log);
    worker->is_replaced = true;
    world_start_worker(world, worker->stage, worker->slot);
}

static void thaw_some(struct sim_world *world)
{
    for (size_t i = 0; i < world->worker_count; i++) {
        struct sim_worker *worker = world->workers[i];
        if (!worker->is_frozen || !sim_one_in(world->sim, FROZEN_FOR))
            continue;
        worker->is_frozen = false;
        worker->process.elapsed_ms += 60000;
        sim_say(world->sim, "%s wakes", worker->process.name);
    }
}

static void change_slots(struct sim_world *world)
{
    struct sim_part *part = any_part(world);
    int slots = 1 + sim_roll(world->sim, SIM_SLOTS_MAX);
    for (int slot = slots; slot < part->slots; slot++)
        if (part->holders[slot] != NULL)
            world_end_worker(world, part->holders[slot]);
    part->slots = slots;
}

static void refill_slots(struct sim_world *world)
{
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        for (int slot = 0; slot < world->parts[stage].slots; slot++)
            if (world->parts[stage].holders[slot] == NULL && sim_one_in(world->sim, SLOT_STAYS_EMPTY))
                world_start_worker(world, (int)stage, slot);
}

static void jump_clock(struct sim_world *world, struct sim_worker *worker)
{
    worker->process.skew_seconds += sim_roll(world->sim, 200000) - 100000;
    worker->process.elapsed_ms += sim_roll(world->sim, 20000);
    world->sim->now_seconds += sim_roll(world->sim, 100) - 50;
}

static void upset_workers(struct sim_world *world)
{
    struct sim *sim = world->sim;
    const struct sim_weather *weather = &sim->weather;
    struct sim_worker *worker = any_worker(world);
    if (worker != NULL && sim_happens(sim, weather->clock_jump))
        jump_clock(world, worker);
    if (worker != NULL && !worker->is_frozen && sim_happens(sim, weather->freeze))
        freeze(world, worker);
    if (worker != NULL && sim_happens(sim, weather->expel))
        sim_log_expel(worker->log);
    if (sim_happens(sim, weather->rebalance))
        change_slots(world);
    worker = any_worker(world);
    if (worker != NULL && sim_happens(sim, weather->crash))
        world_end_worker(world, worker);
    thaw_some(world);
    refill_slots(world);
}

/* ---- Servers ---- */

static void toggle(struct sim_world *world, bool *is_away, int per_mille)
{
    if (*is_away && sim_one_in(world->sim, OUTAGE_FOR))
        *is_away = false;
    else if (!*is_away && sim_happens(world->sim, per_mille))
        *is_away = true;
}

static void upset_servers(struct sim_world *world)
{
    struct sim *sim = world->sim;
    struct sim_place *place = &any_part(world)->place;
    toggle(world, &world->broker.is_away, sim->weather.broker_outage);
    toggle(world, &place->is_away, sim->weather.store_outage);
    if (sim_one_in(sim, HANGS_FOR))
        sim_broker_settle_one(&world->broker, sim_one_in(sim, 2));
    if (sim_one_in(sim, HANGS_FOR))
        sim_place_arrive(place);
    if (sim_one_in(sim, 25))
        sim_place_keep(place);
    if (sim_happens(sim, sim->weather.store_rolled_back))
        sim_place_roll_back(place);
    if (sim_happens(sim, sim->weather.store_emptied))
        sim_place_empty(place);
    if (sim_happens(sim, sim->weather.store_damaged))
        sim_place_damage(place, sim_roll(sim, world->broker.partition_count));
}

static void send_some(struct sim_world *world)
{
    for (int left = 1 + sim_roll(world->sim, 8); left > 0 && world->sent < world_sendable(world); left--)
        sim_broker_append(&world->broker, &world->county.records[world->sent++]);
    for (size_t i = 0; i < world->worker_count; i++)
        world->workers[i]->is_idle = false;
}

void world_turn(struct sim_world *world)
{
    struct sim *sim = world->sim;
    sim->events++;
    sim->now_seconds += sim_roll(sim, 3);
    if (world->sent < world_sendable(world) && sim_one_in(sim, 12))
        send_some(world);
    upset_servers(world);
    upset_workers(world);
    struct sim_worker *worker = any_worker(world);
    for (int other = 0; other < 3 && worker != NULL && (worker->is_idle || worker->is_frozen); other++)
        worker = any_worker(world); /* mostly one that has something to do */
    if (worker != NULL && !worker->is_frozen)
        world_step(world, worker);
}
