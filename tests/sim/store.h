/** The store of a stage, which outlives its workers, and a worker's connection to it, with everything that can go wrong
 *  between them. */
#pragma once

#include "state/store_memory.h"
#include "tests/sim/broker.h"

#define SIM_SNAPSHOTS 3

/** A write that its worker gave up, and that is still on its way. */
struct sim_late_write {
    struct store_write write;
    struct sim_late_write *next;
};

struct sim_place {
    struct sim *sim;
    const struct sim_group *group; /* whose positions it must never be ahead of */
    struct store *now;
    struct store *snapshots[SIM_SNAPSHOTS];
    struct sim_late_write *late;
    bool is_away;
    bool was_damaged; /* in what nobody may have read since */
};

void sim_place_begin(struct sim_place *place, struct sim *sim, const struct sim_group *group);
void sim_place_end(struct sim_place *place);

/** A connection. */
struct store *sim_store_new(struct sim_place *place, struct sim_process *process);

/** What a failover may come back to. */
void sim_place_keep(struct sim_place *place);
void sim_place_roll_back(struct sim_place *place);
void sim_place_empty(struct sim_place *place);
/** Other bytes in one value, or in the offsets of a partition. */
void sim_place_damage(struct sim_place *place, int32_t partition);
/** A late write arrives, if there is one. */
void sim_place_arrive(struct sim_place *place);

/** The offsets as the store has them; 0 where it has none. */
void sim_place_offsets(const struct sim_place *place, int32_t partition, int64_t *ret_next);
/** Whether another store holds the same, byte for byte; else `why` names the first difference. */
bool sim_place_equals(
    const struct sim_place *place, const struct store *other, int32_t partition_count, char *why, size_t size);
