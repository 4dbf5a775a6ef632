#include "cli/replay.h"

#include "cli/topic.h"
#include "consumers/engine.h"
#include "consumers/stage_fund.h"
#include "consumers/stage_person.h"
#include "consumers/stage_roster.h"

#include <stdlib.h>

#define STAGE_COUNT 3

/** One stage with all it runs on. */
struct runner {
    struct replay *replay;
    struct stage *stage;
    struct store *store;
    struct log *log;
    struct engine *engine;
};

struct replay {
    struct log_feed_outlet outlet;
    struct consumer_context context;
    instant at; /* of the line at hand: what it leads to carries its time */
    struct runner runners[STAGE_COUNT];
};

/* To every stage that reads its topic. */
static void push(struct replay *replay, const struct log_output *record)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        (void)log_feed_push(replay->runners[i].log, record, replay->at);
}

/* A stage's output may be input of another one; unless it is nothing else, it leaves. */
static void take(void *context, const struct log_output *output)
{
    struct replay *replay = context;
    const struct topic *topic = topic_find(text_of(output->topic));
    CHECK(topic != NULL);
    push(replay, output);
    if (!topic->is_input)
        replay->outlet.take(replay->outlet.context, output);
}

/* ---- Running ---- */

static enum status check_health(const struct engine *engine, struct fault *fault)
{
    struct engine_health health;
    engine_health(engine, &health);
    if (health.partitions_stopped != 0)
        return fault_set(fault, STATUS_INVARIANT_BROKEN, "", "%s", health.cause);
    return STATUS_OK;
}

/* A store and a log in memory never fail, so there is nothing to try again. */
static enum status run_to_idle(struct runner *runner, struct fault *fault)
{
    enum status status;
    do
        status = engine_turn(runner->engine, fault);
    while (status == STATUS_OK || status == STATUS_ARENA_FULL);
    return status == STATUS_AGAIN ? check_health(runner->engine, fault) : status;
}

enum status replay_run(struct replay *replay, const struct log_output *record, instant at, struct fault *fault)
{
    enum status status = STATUS_OK;
    bool is_idle = false;
    replay->at = at;
    push(replay, record);
    while (!is_idle && status == STATUS_OK) {
        is_idle = true;
        for (size_t i = 0; i < STAGE_COUNT && status == STATUS_OK; i++) {
            if (log_feed_is_empty(replay->runners[i].log))
                continue;
            is_idle = false;
            status = run_to_idle(&replay->runners[i], fault);
        }
    }
    return status;
}

/* ---- Opening and closing ---- */

static enum status open_runner(struct runner *runner, const struct replay_ground *ground, struct fault *fault)
{
    if (runner->stage == NULL)
        return fault_set(fault, STATUS_SYSTEM, "", "out of memory");
    const struct engine_config config = { .name = runner->stage->ops->name, .time_of_record = true };
    runner->store = ground->store_of(ground->context, runner->stage->ops->name);
    runner->log = log_feed_new(runner->stage->ops->topics, (struct log_feed_outlet){ take, runner->replay });
    if (runner->store == NULL || runner->log == NULL)
        return fault_set(fault, STATUS_SYSTEM, "", "out of memory");
    enum status status = engine_new(&config, runner->log, runner->store, runner->stage, &runner->engine, fault);
    return status == STATUS_OK ? run_to_idle(runner, fault) : status;
}

static void close_runner(struct runner *runner)
{
    engine_free(runner->engine);
    if (runner->log != NULL)
        runner->log->ops->close(runner->log);
    if (runner->store != NULL)
        runner->store->ops->free(runner->store);
    if (runner->stage != NULL)
        runner->stage->ops->free(runner->stage);
}

enum status replay_new_over(const struct policy_packs *packs, const struct replay_ground *ground,
    struct log_feed_outlet outlet, struct replay **ret_replay, struct fault *fault)
{
    enum status status = STATUS_OK;
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL)
        return fault_set(fault, STATUS_SYSTEM, "", "out of memory");
    replay->outlet = outlet;
    replay->context.packs = packs;
    struct stage_person_config config = { .context = replay->context };
    memcpy(config.key_secret, ground->secret, sizeof config.key_secret);
    struct stage_fund_config fund = { .context = replay->context };
    memcpy(fund.key_secret, ground->secret, sizeof fund.key_secret);
    replay->runners[0].stage = stage_roster_new(&replay->context);
    replay->runners[1].stage = stage_person_new(&config);
    replay->runners[2].stage = stage_fund_new(&fund);
    for (size_t i = 0; i < STAGE_COUNT && status == STATUS_OK; i++) {
        replay->runners[i].replay = replay;
        status = open_runner(&replay->runners[i], ground, fault);
    }
    if (status == STATUS_OK)
        *ret_replay = replay;
    else
        replay_free(replay);
    return status;
}

static struct store *in_memory(void *context, const char *stage)
{
    (void)context, (void)stage;
    return store_memory_new();
}

enum status replay_new(
    const struct policy_packs *packs, struct log_feed_outlet outlet, struct replay **ret_replay, struct fault *fault)
{
    static const uint8_t no_secret[16];
    const struct replay_ground empty = { .store_of = in_memory, .secret = no_secret };
    return replay_new_over(packs, &empty, outlet, ret_replay, fault);
}

void replay_free(struct replay *replay)
{
    if (replay == NULL)
        return;
    for (size_t i = 0; i < STAGE_COUNT; i++)
        close_runner(&replay->runners[i]);
    free(replay);
}

bool replay_has(const struct replay *replay, const char *topic)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        for (const char *const *name = replay->runners[i].stage->ops->topics; *name != NULL; name++)
            if (strcmp(*name, topic) == 0)
                return true;
    return false;
}
