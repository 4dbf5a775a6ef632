#include "tests/sim/world.h"

#include "consumers/stage_person.h"

/* So many turns of calm are enough for any run; more, and something waits for ever. */
#define CALM_TURNS_MAX 60000

/* The last records come when so many turns of the storm are left. */
#define LATE_TURNS 150

size_t world_sendable(const struct sim_world *world)
{
    return world->left > LATE_TURNS ? world->county.early : world->county.count;
}

/* ---- Beginning ---- */

static void open_part(struct sim_world *world, size_t stage)
{
    struct sim_part *part = &world->parts[stage];
    struct stage *object = sim_stages[stage].open(world->context);
    CHECK(object != NULL);
    part->group = sim_broker_group(&world->broker, sim_stages[stage].name, object->ops->topics);
    object->ops->free(object);
    sim_place_begin(&part->place, world->sim, part->group);
    part->slots = 1 + sim_roll(world->sim, 2);
}

static void begin(struct sim_world *world, struct arena *scratch)
{
    struct sim *sim = world->sim;
    int32_t partitions = 1 + sim_roll(sim, SIM_PARTITIONS_MAX);
    sim_broker_begin(&world->broker, sim, partitions);
    county_roll(&world->county, sim, world->context, partitions);
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        open_part(world, stage);
    oracle_begin(&world->oracle, &world->broker, &world->county, scratch);
    world->broker.committed = oracle_committed;
    world->broker.context = &world->oracle;
    world->config = (struct engine_config){ .arena_bytes = (size_t)16 << 20,
        .batch_records_max = (size_t)(sim_one_in(sim, 3) ? 64 : 1 + sim_roll(sim, 8)),
        .gather_ms = 1 + sim_roll(sim, 5),
        .wait_ms = 100 };
    sim_say(sim, "%s, %d persons, %zu records, %d partitions, batches of %zu", world->county.pack->region,
        world->county.person_count, world->county.count, (int)partitions, world->config.batch_records_max);
}

/* ---- Calm ---- */

static void calm_down(struct sim_world *world)
{
    sim_say(world->sim, "all is calm from here");
    world->sim->is_calm = true;
    world->broker.is_away = false;
    for (size_t stage = 0; stage < sim_stage_count; stage++) {
        struct sim_place *place = &world->parts[stage].place;
        place->is_away = false;
        if (place->was_damaged)
            sim_place_empty(place); /* what nobody reads stays damaged: an operator who verifies empties it */
    }
}

static bool has_read_all(struct sim_world *world, const struct sim_group *group)
{
    for (int topic = 0; topic < group->topic_count; topic++)
        for (int32_t p = 0; p < world->broker.partition_count; p++) {
            const struct sim_tail *tail = &sim_broker_topic(&world->broker, group->topics[topic])->tails[p];
            const struct sim_entry *entry;
            int64_t committed = group->committed[topic][p];
            (void)sim_tail_next(tail, committed < 0 ? 0 : committed, &entry);
            if (entry != NULL)
                return false;
        }
    return true;
}

static bool is_live(const struct sim_worker *worker)
{
    struct engine_health health;
    engine_health(worker->engine, &health);
    return worker->is_idle && sim_log_is_settled(worker->log) && health.state == ENGINE_LIVE;
}

static bool is_quiet(struct sim_world *world)
{
    if (world->sent < world->county.count || world->broker.hanging_count != 0)
        return false;
    for (size_t i = 0; i < world->worker_count; i++)
        if (!is_live(world->workers[i]))
            return false;
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        if (world->parts[stage].place.late != NULL || world->parts[stage].holders[0] == NULL
            || !has_read_all(world, world->parts[stage].group))
            return false;
    return true;
}

static void run_until_quiet(struct sim_world *world)
{
    int64_t last = world->sim->events + CALM_TURNS_MAX;
    while (!is_quiet(world)) {
        if (world->sim->events > last)
            sim_fail(world->sim, "never becomes quiet: somebody waits for ever");
        world_turn(world);
    }
}

/* A store that was rolled back while nothing came is found out with the next record: one to every partition. */
static void send_rubbish(struct sim_world *world)
{
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        for (int32_t p = 0; p < world->broker.partition_count; p++) {
            const struct log_output record = { .topic = world->parts[stage].group->topics[0],
                .partition = p,
                .key = TEXT("x"),
                .value = TEXT("rubbish") };
            sim_broker_append(&world->broker, &record);
        }
}

/* ---- The end ---- */

static void check_offsets(const struct sim_world *world, const struct sim_part *part)
{
    int64_t next[ENGINE_TOPICS_MAX];
    for (int32_t p = 0; p < world->broker.partition_count; p++) {
        sim_place_offsets(&part->place, p, next);
        for (int topic = 0; topic < part->group->topic_count; topic++) {
            int64_t committed = part->group->committed[topic][p];
            if (next[topic] != (committed < 0 ? 0 : committed))
                sim_fail(world->sim, "the %s store ends at %s/%d@%lld, the group at %lld", part->group->name,
                    part->group->topics[topic], (int)p, (long long)next[topic], (long long)committed);
        }
    }
}

static void check_equal(const struct sim_world *world, const struct sim_part *part, const struct store *other)
{
    char why[160];
    if (!sim_place_equals(&part->place, other, world->broker.partition_count, why, sizeof why))
        sim_fail(world->sim, "the %s store, rebuilt from the topics, is another one: %s", part->group->name, why);
}

/* An empty store, and workers that know nothing: everything is read again, and nothing is told. */
static void check_rebuilt(struct sim_world *world)
{
    struct store *before[SIM_STAGES_MAX];
    int64_t transactions = world->oracle.transactions;
    sim_say(world->sim, "everything is rebuilt from the topics");
    while (world->worker_count != 0)
        world_end_worker(world, world->workers[0]);
    for (size_t stage = 0; stage < sim_stage_count; stage++) {
        struct sim_place *place = &world->parts[stage].place;
        before[stage] = store_memory_copy(place->now);
        CHECK(before[stage] != NULL);
        sim_place_empty(place);
        world_start_worker(world, (int)stage, 0);
    }
    run_until_quiet(world);
    for (size_t stage = 0; stage < sim_stage_count; stage++) {
        check_equal(world, &world->parts[stage], before[stage]);
        before[stage]->ops->free(before[stage]);
    }
    if (world->oracle.transactions != transactions)
        sim_fail(world->sim, "something was told while rebuilding");
}

static void end(struct sim_world *world)
{
    while (world->worker_count != 0)
        world_end_worker(world, world->workers[0]);
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        sim_place_end(&world->parts[stage].place);
}

int64_t world_run(struct sim *sim, const struct consumer_context *context, struct arena *scratch)
{
    static struct sim_world world;
    world = (struct sim_world){ .sim = sim, .context = context };
    begin(&world, scratch);
    for (world.left = 100 + sim_roll(sim, 400); world.left > 0; world.left -= world.sent == world_sendable(&world))
        world_turn(&world);
    calm_down(&world);
    run_until_quiet(&world);
    send_rubbish(&world);
    run_until_quiet(&world);
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        check_offsets(&world, &world.parts[stage]);
    oracle_end(&world.oracle, &world.parts[SIM_STAGE_PERSON].place);
    oracle_end_lists(&world.oracle);
    oracle_end_funds(&world.oracle, &world.parts[SIM_STAGE_FUND].place);
    for (size_t stage = 0; stage < sim_stage_count; stage++)
        if (sim_stages[stage].is_sequence)
            world_check_sequence(&world, (int)stage);
    check_rebuilt(&world);
    end(&world);
    return world.oracle.paid_fen;
}
