/** The workers of one process: as many of the person stage as configured, and one of the roster and
 *  of the fund stage each. */
#pragma once

#include "cli/config.h"
#include "consumers/engine.h"
#include "policy/pack.h"

struct settled_workers;

/** What one worker says of itself. `name` ("person-0") is lent by the workers. */
struct settled_member {
    const char *name;
    bool is_aside; /* keeps ledgers of what was settled: while it waits, everybody is settled all the same */
    struct engine_health health;
};

/** Starts them all, or none: nothing is waited for, Kafka and Redis may come later. Config and packs are lent for the
 *  workers' life. BAD_CONFIG (a property that librdkafka refuses), SYSTEM, or OK. */
NODISCARD enum status settled_workers_start(const struct config *config, const struct policy_packs *packs,
    struct settled_workers **ret_workers, struct fault *fault);
/** Lets each finish its batch, leaves the groups and frees everything. NULL is fine. */
void settled_workers_stop(struct settled_workers *workers);

/** OK while all run; else what ended the first that ended, with its name. */
enum status settled_workers_status(
    const struct settled_workers *workers, const char **ret_name, struct fault *ret_fault);

size_t settled_workers_count(const struct settled_workers *workers);
/** A snapshot of worker `i`. Any thread. */
struct settled_member settled_workers_member(const struct settled_workers *workers, size_t i);
