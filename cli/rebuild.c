#include "cli/rebuild.h"

#include "consumers/engine_offsets.h"
#include "consumers/log_until.h"

#include <stdlib.h>

struct rebuild {
    struct rebuild_parts parts;
    struct log *until;
    struct engine *engine;
    int topic_count;
    int64_t built[ENGINE_TOPICS_MAX]; /* up to where */
};

enum status rebuild_new(const struct rebuild_parts *parts, struct rebuild **ret_rebuild, struct fault *fault)
{
    struct rebuild *rebuild = calloc(1, sizeof *rebuild);
    struct log *until = log_until_new(parts->log);
    CHECK(rebuild != NULL && until != NULL);
    rebuild->parts = *parts;
    rebuild->until = until;
    while (parts->stage->ops->topics[rebuild->topic_count] != NULL)
        rebuild->topic_count++;
    enum status status = engine_new(&parts->config, until, parts->store, parts->stage, &rebuild->engine, fault);
    if (status == STATUS_OK)
        *ret_rebuild = rebuild;
    else
        rebuild_free(rebuild);
    return status;
}

void rebuild_free(struct rebuild *rebuild)
{
    if (rebuild == NULL)
        return;
    engine_free(rebuild->engine);
    rebuild->until->ops->close(rebuild->until);
    free(rebuild);
}

/* The first turn takes the new limits, and with them the engine recovers; live means that it has come to them. */
static enum status run(struct rebuild *rebuild, struct fault *fault)
{
    struct engine_health health;
    do {
        enum status status = engine_turn(rebuild->engine, fault);
        if (status_class(status) == STATUS_CLASS_STOP)
            return status;
        engine_health(rebuild->engine, &health);
    } while (health.state != ENGINE_LIVE);
    if (health.partitions_stopped != 0)
        return fault_set(fault, STATUS_INVARIANT_BROKEN, "partition", "%.150s", health.cause);
    return STATUS_OK;
}

static enum status go_on_to(struct rebuild *rebuild, const int64_t *offsets, struct fault *fault)
{
    struct log_position positions[ENGINE_TOPICS_MAX];
    bool is_there = true;
    for (int topic = 0; topic < rebuild->topic_count; topic++) {
        int64_t offset = offsets[topic] < 0 ? 0 : offsets[topic];
        if (offset < rebuild->built[topic])
            return fault_set(fault, STATUS_STORE_MOVED_ON, "offsets", "they went back while values were compared");
        is_there &= offset == rebuild->built[topic];
        rebuild->built[topic] = offset;
        positions[topic] = (struct log_position){ topic, rebuild->parts.partition, offset };
    }
    if (is_there)
        return STATUS_OK;
    log_until_set(rebuild->until, positions, (size_t)rebuild->topic_count);
    return run(rebuild, fault);
}

enum status rebuild_to_committed(struct rebuild *rebuild, struct fault *fault)
{
    struct log_position positions[ENGINE_TOPICS_MAX];
    int64_t offsets[ENGINE_TOPICS_MAX];
    struct log *log = rebuild->parts.log;
    for (int topic = 0; topic < rebuild->topic_count; topic++)
        positions[topic] = (struct log_position){ topic, rebuild->parts.partition, -1 };
    enum status status = log->ops->committed(log, positions, (size_t)rebuild->topic_count, fault);
    for (int topic = 0; topic < rebuild->topic_count; topic++)
        offsets[topic] = positions[topic].offset;
    return status == STATUS_OK ? go_on_to(rebuild, offsets, fault) : status;
}

enum status rebuild_to_offsets(struct rebuild *rebuild, struct text offsets, struct fault *fault)
{
    int64_t next[ENGINE_TOPICS_MAX];
    enum status status = engine_offsets_parse(offsets, rebuild->parts.stage->ops->topics, next);
    if (status != STATUS_OK)
        return fault_set(fault, status, "offsets", "those of the store cannot be read");
    return go_on_to(rebuild, next, fault);
}

uint64_t rebuild_records(const struct rebuild *rebuild)
{
    struct engine_health health;
    engine_health(rebuild->engine, &health);
    return health.metrics[ENGINE_METRIC_records];
}
