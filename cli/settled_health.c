#include "cli/settled_health.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static bool is_waiting(const struct engine_health *health)
{
    return health->state == ENGINE_WAITING_FOR_KAFKA || health->state == ENGINE_WAITING_FOR_REDIS;
}

struct settled_verdict settled_health_judge(const struct settled_member *members, size_t count)
{
    struct settled_verdict verdict = { .is_healthy = true, .is_ready = true };
    for (size_t i = 0; i < count; i++) {
        const struct engine_health *health = &members[i].health;
        if (members[i].is_aside)
            continue;
        verdict.is_healthy &= !is_waiting(health);
        verdict.is_ready &= health->state == ENGINE_LIVE && health->partitions_stopped == 0;
    }
    return verdict;
}

/* ---- JSON ---- */

/* The worker that is worst off speaks for all: who waits, then who has only begun, then who recovers. */
static const struct settled_member *spokesman(const struct settled_member *members, size_t count)
{
    static const int urgency[] = { [ENGINE_LIVE] = 0,
        [ENGINE_RECOVERING] = 1,
        [ENGINE_STARTING] = 2,
        [ENGINE_WAITING_FOR_REDIS] = 3,
        [ENGINE_WAITING_FOR_KAFKA] = 4 };
    const struct settled_member *worst = &members[0];
    for (size_t i = 1; i < count; i++)
        if (urgency[members[i].health.state] > urgency[worst->health.state])
            worst = &members[i];
    return worst;
}

static json_t *member_json(const struct settled_member *member)
{
    const struct engine_health *health = &member->health;
    json_t *stopped = json_array();
    for (size_t i = 0; i < health->partitions_stopped && i < ENGINE_STOPPED_SHOWN; i++)
        json_array_append_new(stopped, json_integer(health->stopped[i]));
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o}", "worker", member->name, "state",
        engine_state_name(health->state), "cause", health->cause, "behind", (json_int_t)health->behind, "partitions",
        (json_int_t)health->partitions, "partitionsLive", (json_int_t)health->partitions_live, "partitionsStopped",
        stopped);
}

char *settled_health_json(const struct settled_member *members, size_t count)
{
    const struct settled_member *worst = spokesman(members, count);
    json_t *workers = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(workers, member_json(&members[i]));
    json_t *all = json_pack("{s:s, s:o}", "status", engine_state_name(worst->health.state), "workers", workers);
    if (is_waiting(&worst->health))
        json_object_set_new(all, "reason", json_string(worst->health.cause));
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    return text;
}

/* ---- Prometheus ---- */

/* A number of an engine, by name, kind, sentence and where it stands. */
static void put_head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP settled_%s %s\n# TYPE settled_%s %s\n", name, help, name, type);
}

static void put_metric(FILE *out, const struct settled_member *members, size_t count, enum engine_metric metric)
{
    static const struct {
        const char *name, *kind, *sentence;
    } table[] = {
#define METRIC(name, kind, sentence) { #name, #kind, sentence },
#include "consumers/metric.def"
#undef METRIC
    };
    bool is_counter = strcmp(table[metric].kind, "COUNTER") == 0;
    char name[96];
    snprintf(name, sizeof name, "%s%s", table[metric].name, is_counter ? "_total" : "");
    put_head(out, name, is_counter ? "counter" : "gauge", table[metric].sentence);
    for (size_t i = 0; i < count; i++)
        fprintf(
            out, "settled_%s{worker=\"%s\"} %" PRIu64 "\n", name, members[i].name, members[i].health.metrics[metric]);
}

static void put_state(FILE *out, const struct settled_member *members, size_t count)
{
    put_head(out, "state", "gauge", "1 for the state that a worker is in");
    for (size_t i = 0; i < count; i++)
        for (enum engine_state state = ENGINE_STARTING; state <= ENGINE_LIVE; state++)
            fprintf(out, "settled_state{worker=\"%s\",state=\"%s\"} %d\n", members[i].name, engine_state_name(state),
                members[i].health.state == state);
}

static int64_t behind_of(const struct engine_health *health)
{
    return health->behind;
}

static int64_t partitions_of(const struct engine_health *health)
{
    return (int64_t)health->partitions;
}

static int64_t live_of(const struct engine_health *health)
{
    return (int64_t)health->partitions_live;
}

static int64_t stopped_of(const struct engine_health *health)
{
    return (int64_t)health->partitions_stopped;
}

static void put_gauges(FILE *out, const struct settled_member *members, size_t count)
{
    static const struct {
        const char *name, *help;
        int64_t (*value)(const struct engine_health *);
    } gauges[] = {
        { "behind_records", "records that recovery has still to read", behind_of },
        { "partitions", "partitions owned now", partitions_of },
        { "partitions_live", "partitions that take new records", live_of },
        { "partitions_stopped", "partitions stopped by a damaged value or a ledger that does not add up", stopped_of },
    };
    for (size_t g = 0; g < COUNT_OF(gauges); g++) {
        put_head(out, gauges[g].name, "gauge", gauges[g].help);
        for (size_t i = 0; i < count; i++)
            fprintf(out, "settled_%s{worker=\"%s\"} %" PRId64 "\n", gauges[g].name, members[i].name,
                gauges[g].value(&members[i].health));
    }
}

char *settled_health_metrics(const struct settled_member *members, size_t count)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    put_head(out, "build_info", "gauge", "1, with the version that runs");
    fprintf(out, "settled_build_info{version=\"%s\"} 1\n", SETTLED_VERSION);
    put_state(out, members, count);
    put_gauges(out, members, count);
    for (int metric = 0; metric < ENGINE_METRIC_COUNT; metric++)
        put_metric(out, members, count, (enum engine_metric)metric);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
