/** How a complete list takes effect, in steps; shared by the files of the roster stage, nobody else includes it. */
#pragma once

#include "consumers/roster_value.h"
#include "state/roster_shard.h"

/** The work on one key for one record. */
struct roster_run {
    struct stage_turn *turn;
    const struct log_record *record;
    const struct policy_packs *packs;
    struct roster_view view;
    struct text roster_key;
    struct store_key head_key;
    struct roster_value *head;
};

/** Reads the head of the key. What roster_value_get says. */
NODISCARD enum status stage_roster_open(
    struct roster_run *run, struct stage_turn *turn, const struct log_record *record, struct text roster_key);

/** A list of the key, found or absent. */
struct roster_job {
    struct store_key key;
    struct roster_value *value;
};
NODISCARD enum status stage_roster_find(
    struct roster_run *run, const struct store_key *list_key, struct roster_job *ret_job);

/** Does a step's worth of the head's jobs, and sends a continuation when some is left. */
NODISCARD enum status stage_roster_advance(struct roster_run *run);

/** Sends the continuation that names the next step. OK or ARENA_FULL. */
NODISCARD enum status stage_roster_continue(struct roster_run *run);

/** The receipt of a list that was refused whole. */
NODISCARD enum status stage_roster_tell_refused(struct roster_run *run, const struct roster_job *job);

/** Appends the records of these changes (stage_roster_change.c). OK or ARENA_FULL. */
NODISCARD enum status stage_roster_emit_changes(
    struct roster_run *run, const struct roster_job *job, const struct roster_change *changes, size_t count);
