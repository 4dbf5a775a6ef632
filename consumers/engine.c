#include "consumers/engine_state.h"

#include "consumers/logline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static instant system_now(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (instant){ now.tv_sec, (int32_t)now.tv_nsec };
}

static int64_t system_elapsed_ms(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t engine_elapsed_ms(const struct engine *engine)
{
    return engine->config.clock.elapsed_ms(engine->config.clock.context);
}

static void set_defaults(struct engine_config *config)
{
    if (config->name == NULL)
        config->name = "engine";
    if (config->arena_bytes == 0)
        config->arena_bytes = (size_t)1 << 30;
    if (config->batch_records_max == 0)
        config->batch_records_max = 20000;
    if (config->gather_ms == 0)
        config->gather_ms = 5;
    if (config->wait_ms == 0)
        config->wait_ms = 100;
    if (config->backoff_first_ms == 0)
        config->backoff_first_ms = 50;
    if (config->backoff_most_ms == 0)
        config->backoff_most_ms = 5000;
    if (config->clock.now == NULL)
        config->clock.now = system_now;
    if (config->clock.elapsed_ms == NULL)
        config->clock.elapsed_ms = system_elapsed_ms;
}

/* The largest offsets must fit the text too, so that it cannot fail years later. */
static enum status check_topics(const char *const *topics, int *ret_count, struct fault *fault)
{
    int64_t largest[ENGINE_TOPICS_MAX];
    char buffer[ENGINE_OFFSETS_SIZE];
    int count = 0;
    for (; topics[count] != NULL; count++) {
        if (count == ENGINE_TOPICS_MAX)
            return fault_set(fault, STATUS_BAD_CONFIG, "topics", "more than %d input topics", ENGINE_TOPICS_MAX);
        largest[count] = INT64_MAX;
    }
    if (count == 0 || engine_offsets_format(topics, largest, buffer) == 0)
        return fault_set(fault, STATUS_BAD_CONFIG, "topics", "no input topic, or names too long");
    *ret_count = count;
    return STATUS_OK;
}

enum status engine_new(const struct engine_config *config, struct log *log, struct store *store, struct stage *stage,
    struct engine **ret_engine, struct fault *fault)
{
    int topic_count;
    enum status status = check_topics(stage->ops->topics, &topic_count, fault);
    if (status != STATUS_OK)
        return status;
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return fault_set(fault, STATUS_SYSTEM, "engine", "out of memory");
    engine->config = *config;
    set_defaults(&engine->config);
    engine->log = log;
    engine->store = store;
    engine->stage = stage;
    engine->topics = stage->ops->topics;
    engine->topic_count = topic_count;
    engine->batch_limit = engine->config.batch_records_max;
    engine->needs_reopen = true;
    engine->held_capacity = engine->config.batch_records_max;
    pthread_mutex_init(&engine->health_lock, NULL);
    engine->arena = arena_new(engine->config.arena_bytes);
    engine->held = calloc(engine->held_capacity, sizeof *engine->held);
    if (!engine_room_open(engine) || engine->arena == NULL || engine->held == NULL) {
        fault_set(fault, STATUS_SYSTEM, "engine", "cannot reserve %zu bytes", engine->config.arena_bytes);
        engine_free(engine);
        return STATUS_SYSTEM;
    }
    *ret_engine = engine;
    return STATUS_OK;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    engine_drop_assignment(engine);
    CHECK(engine->room_count == 0 && engine->held_count == 0);
    arena_free(engine->arena);
    free(engine->held);
    free(engine->room);
    pthread_mutex_destroy(&engine->health_lock);
    free(engine);
}

const char *engine_step_name(enum engine_step step)
{
    static const char *const names[] = {
#define STEP(name, function) #name,
#include "consumers/engine_step.def"
#undef STEP
    };
    return names[step];
}

enum engine_step engine_next_step(const struct engine *engine)
{
    return engine->step;
}

static void publish_health(struct engine *engine);
static void set_cause(struct engine *engine, const char *cause);

/* The records stay collected: half of them are tried next, or the one that does not fit is refused. */
static void halve(struct engine *engine, struct fault *fault)
{
    engine_count(engine, ENGINE_METRIC_batches_halved, 1);
    if (engine->refuse_largest) {
        fault_set(fault, STATUS_ARENA_FULL, "record", "not even its rejection fits the memory of a batch");
        engine_stop_partition(engine, engine->by_id[engine->held[engine->held_first].partition], fault);
        engine_drop_held(engine, 1);
    }
    engine->refuse_largest = engine->item_count == 1 && !engine->refuse_largest;
    engine->batch_limit = engine->item_count > 1 ? engine->item_count / 2 : 1;
    engine_forget_batch(engine);
}

/* What the end of a turn asks for. STOP asks for nothing: the caller ends. */
static void settle(struct engine *engine, enum status status, struct fault *fault)
{
    engine->turn_is_over = true;
    if (status == STATUS_ARENA_FULL)
        halve(engine, fault);
    else if (status == STATUS_STORE_UNREACHABLE || status_class(status) == STATUS_CLASS_ABORT)
        engine_begin_recovery(engine, status, fault);
    else if (status_class(status) == STATUS_CLASS_STOP)
        set_cause(engine, fault->text);
    publish_health(engine);
}

enum status engine_advance(struct engine *engine, struct fault *fault)
{
    static enum status (*const steps[])(struct engine *, struct fault *) = {
#define STEP(name, function) function,
#include "consumers/engine_step.def"
#undef STEP
    };
    struct fault own = { .status = STATUS_OK };
    if (fault == NULL)
        fault = &own;
    engine->turn_is_over = false;
    enum status status = steps[engine->step](engine, fault);
    if (status == STATUS_OK && !engine->turn_is_over)
        return STATUS_OK;
    settle(engine, status, fault);
    engine->step = engine->needs_recovery ? ENGINE_STEP_RECOVER : ENGINE_STEP_COLLECT;
    return status;
}

enum status engine_turn(struct engine *engine, struct fault *fault)
{
    enum status status;
    do
        status = engine_advance(engine, fault);
    while (status == STATUS_OK && !engine->turn_is_over);
    return status;
}

/* ---- What others see ---- */

void engine_count(struct engine *engine, enum engine_metric metric, uint64_t by)
{
    pthread_mutex_lock(&engine->health_lock);
    engine->health.metrics[metric] += by;
    pthread_mutex_unlock(&engine->health_lock);
}

static void set_cause(struct engine *engine, const char *cause)
{
    pthread_mutex_lock(&engine->health_lock);
    snprintf(engine->health.cause, sizeof engine->health.cause, "%s", cause);
    pthread_mutex_unlock(&engine->health_lock);
}

/* A server that went away and comes back with another password says two things: the reader wants the second. Only this
 * thread writes the cause, so it is compared without the lock. */
void engine_wait_for(struct engine *engine, enum status what, const struct fault *fault)
{
    const char *cause = what == STATUS_OK || fault == NULL ? "" : fault->text;
    if (engine->waiting_for == what && (what == STATUS_OK || strcmp(engine->health.cause, cause) == 0))
        return;
    engine->waiting_for = what;
    set_cause(engine, cause);
    if (what != STATUS_OK)
        logline(LOGLINE_WARNING, status_sentence(what), "engine", engine->config.name, "status", status_name(what),
            "cause", cause, NULL);
}

/* Where a failure is, as a log line may tell it: a value's key is a keyed hash, which names nobody. */
struct place {
    char partition[16];
    char value[2 * sizeof(struct store_key) + 1];
};

static struct place place_of(const struct engine *engine, const struct partition *partition)
{
    struct place place = { .value = "" };
    snprintf(place.partition, sizeof place.partition, "%d", (int)partition->id);
    for (size_t i = 0; engine->about != NULL && i < sizeof engine->about->key.bytes; i++)
        snprintf(place.value + 2 * i, 3, "%02x", engine->about->key.bytes[i]);
    return place;
}

void engine_stop_partition(struct engine *engine, struct partition *partition, const struct fault *fault)
{
    struct place place = place_of(engine, partition);
    partition->is_stopped = true;
    set_cause(engine, fault->text);
    engine->needs_start = true;
    logline(LOGLINE_ERROR, "partition stopped", "engine", engine->config.name, "partition", place.partition, "value",
        place.value, "status", status_name(fault->status), "cause", fault->text, NULL);
}

static bool is_damaged_again(const struct engine *engine, const struct partition *partition)
{
    if (partition->is_rebuilding)
        return true;
    return engine->about != NULL && partition->has_damaged
        && memcmp(&partition->damaged, &engine->about->key, sizeof partition->damaged) == 0;
}

void engine_note_damage(struct engine *engine, struct partition *partition, const struct fault *fault)
{
    struct place place = place_of(engine, partition);
    struct fault again;
    if (is_damaged_again(engine, partition)) {
        fault_set(&again, STATUS_DAMAGED_AGAIN, fault->field, "%s", fault->text);
        engine_stop_partition(engine, partition, &again);
        return;
    }
    partition->must_forget = partition->is_rebuilding = true;
    partition->has_damaged = engine->about != NULL;
    if (engine->about != NULL)
        partition->damaged = engine->about->key;
    engine_count(engine, ENGINE_METRIC_damaged, 1);
    logline(LOGLINE_ERROR, "damaged: the partition is rebuilt from the topics", "engine", engine->config.name,
        "partition", place.partition, "value", place.value, "cause", fault->text, NULL);
}

static int64_t behind(const struct engine *engine, const struct partition *partition)
{
    int64_t sum = 0;
    for (int topic = 0; topic < engine->topic_count && !partition->is_live; topic++)
        if (!partition->has_reached[topic] && partition->target[topic] > partition->next[topic])
            sum += partition->target[topic] - partition->next[topic];
    return sum;
}

static enum engine_state state_of(const struct engine *engine, const struct engine_health *health)
{
    if (engine->waiting_for == STATUS_STORE_UNREACHABLE)
        return ENGINE_WAITING_FOR_REDIS;
    if (engine->waiting_for == STATUS_KAFKA_UNREACHABLE)
        return ENGINE_WAITING_FOR_KAFKA;
    if (!engine->is_assigned)
        return ENGINE_STARTING;
    bool all = health->partitions_live + health->partitions_stopped >= health->partitions;
    return engine->needs_recovery || !all ? ENGINE_RECOVERING : ENGINE_LIVE;
}

static void add_partition(struct engine_health *health, const struct engine *engine, const struct partition *partition)
{
    if (!partition->is_stopped) {
        health->partitions_live += partition->is_live;
        health->behind += behind(engine, partition);
        return;
    }
    if (health->partitions_stopped < ENGINE_STOPPED_SHOWN)
        health->stopped[health->partitions_stopped] = partition->id;
    health->partitions_stopped++;
}

static void publish_health(struct engine *engine)
{
    pthread_mutex_lock(&engine->health_lock);
    struct engine_health *health = &engine->health;
    health->partitions = engine->partition_count;
    health->partitions_live = health->partitions_stopped = 0;
    health->behind = 0;
    for (size_t i = 0; i < engine->partition_count; i++)
        add_partition(health, engine, &engine->partitions[i]);
    enum engine_state before = health->state;
    health->state = state_of(engine, health);
    pthread_mutex_unlock(&engine->health_lock);
    if (health->state != before)
        logline(LOGLINE_INFO, "state changed", "engine", engine->config.name, "from", engine_state_name(before), "to",
            engine_state_name(health->state), NULL);
}

void engine_health(const struct engine *engine, struct engine_health *ret_health)
{
    struct engine *locked = (struct engine *)(uintptr_t)engine;
    pthread_mutex_lock(&locked->health_lock);
    *ret_health = engine->health;
    pthread_mutex_unlock(&locked->health_lock);
}

const char *engine_state_name(enum engine_state state)
{
    static const char *const names[] = { "starting", "waiting for kafka", "waiting for redis", "recovering", "live" };
    return names[state];
}
