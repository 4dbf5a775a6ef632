#include "cli/settled_workers.h"

#include "cli/config_store.h"
#include "cli/repro.h"
#include "consumers/stage_fund.h"
#include "consumers/stage_person.h"
#include "consumers/stage_roster.h"
#include "consumers/worker.h"

#include <stdio.h>
#include <stdlib.h>

struct seat {
    char name[32]; /* "person-0" */
    char store_name[CONFIG_STORE_NAME_SIZE];
    struct worker *worker;
};

struct settled_workers {
    const struct config *config;
    struct consumer_context context;
    size_t count;
    struct seat seats[];
};

/* ---- What one worker is made of ---- */

static struct stage *new_person_stage(const struct settled_workers *workers)
{
    struct stage_person_config config = { .context = workers->context };
    memcpy(config.key_secret, workers->config->secret, sizeof config.key_secret);
    return stage_person_new(&config);
}

static struct stage *new_fund_stage(const struct settled_workers *workers)
{
    struct stage_fund_config config = { .context = workers->context };
    memcpy(config.key_secret, workers->config->secret, sizeof config.key_secret);
    return stage_fund_new(&config);
}

static enum status new_log(const struct config *config, const struct seat *seat, const struct stage *stage,
    struct log **ret_log, struct fault *fault)
{
    char group[192], member[256], transactional_id[512];
    snprintf(group, sizeof group, "%s-%s", config->kafka.group, stage->ops->name);
    snprintf(member, sizeof member, "%s-%s", config->instance, seat->name);
    snprintf(transactional_id, sizeof transactional_id, "%s-%s", config->kafka.group, member);
    const struct log_kafka_config log = { .brokers = config->kafka.brokers,
        .group = group,
        .instance = member,
        .transactional_id = transactional_id,
        .topics = stage->ops->topics,
        .sends_home = stage->ops->sends_home,
        .properties = config->kafka.properties.items,
        .property_count = config->kafka.properties.count };
    return log_kafka_new(&log, ret_log, fault);
}

static struct engine_config engine_config_of(const struct config *config, const struct seat *seat)
{
    return (struct engine_config){ .name = seat->name,
        .arena_bytes = (size_t)config->batch_arena_mb << 20,
        .batch_records_max = (size_t)config->batch_records,
        .gather_ms = config->batch_gather_ms,
        .witness = { repro_keep, (void *)(uintptr_t)config->repro_dir.path } };
}

/* Takes over the stage, also when it fails. */
static enum status start_seat(const struct config *config, struct seat *seat, struct stage *stage, struct fault *fault)
{
    struct log *log = NULL;
    if (stage == NULL)
        return fault_set(fault, STATUS_SYSTEM, "stage", "out of memory");
    enum status status = new_log(config, seat, stage, &log, fault);
    if (status != STATUS_OK) {
        stage->ops->free(stage);
        return status;
    }
    struct store *store = config_store_new(config, stage->ops->name, seat->store_name);
    if (store == NULL) {
        log->ops->close(log);
        stage->ops->free(stage);
        return fault_set(fault, STATUS_SYSTEM, "store", "out of memory");
    }
    const struct worker_parts parts = {
        .config = engine_config_of(config, seat), .log = log, .store = store, .stage = stage
    };
    return worker_start(&parts, &seat->worker, fault);
}

/* ---- All of them ---- */

static enum status start_next(struct settled_workers *workers, struct fault *fault)
{
    const struct config *config = workers->config;
    struct seat *seat = &workers->seats[workers->count];
    size_t persons = (size_t)config->workers, number = workers->count < persons ? workers->count : 0;
    struct stage *stage = workers->count < persons ? new_person_stage(workers)
        : workers->count == persons                ? stage_roster_new(&workers->context)
                                                   : new_fund_stage(workers);
    if (stage != NULL)
        snprintf(seat->name, sizeof seat->name, "%s-%zu", stage->ops->name, number);
    enum status status = start_seat(config, seat, stage, fault);
    workers->count += status == STATUS_OK;
    return status;
}

enum status settled_workers_start(const struct config *config, const struct policy_packs *packs,
    struct settled_workers **ret_workers, struct fault *fault)
{
    size_t wanted = (size_t)config->workers + 2; /* one for lists, one for funds */
    struct settled_workers *workers = calloc(1, sizeof *workers + wanted * sizeof workers->seats[0]);
    if (workers == NULL)
        return fault_set(fault, STATUS_SYSTEM, "workers", "out of memory");
    workers->config = config;
    workers->context.packs = packs;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && workers->count < wanted)
        status = start_next(workers, fault);
    if (status == STATUS_OK)
        *ret_workers = workers;
    else
        settled_workers_stop(workers);
    return status;
}

void settled_workers_stop(struct settled_workers *workers)
{
    if (workers == NULL)
        return;
    /* All are asked before the first is waited for, so that they end side by side. */
    for (size_t i = 0; i < workers->count; i++)
        worker_ask_to_stop(workers->seats[i].worker);
    for (size_t i = 0; i < workers->count; i++)
        worker_stop(workers->seats[i].worker);
    free(workers);
}

enum status settled_workers_status(
    const struct settled_workers *workers, const char **ret_name, struct fault *ret_fault)
{
    for (size_t i = 0; i < workers->count; i++) {
        enum status status = worker_status(workers->seats[i].worker, ret_fault);
        if (status != STATUS_OK) {
            *ret_name = workers->seats[i].name;
            return status;
        }
    }
    return STATUS_OK;
}

size_t settled_workers_count(const struct settled_workers *workers)
{
    return workers->count;
}

struct settled_member settled_workers_member(const struct settled_workers *workers, size_t i)
{
    struct settled_member member = { .name = workers->seats[i].name, .is_aside = i > (size_t)workers->config->workers };
    engine_health(worker_engine(workers->seats[i].worker), &member.health);
    return member;
}
