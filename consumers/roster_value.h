/** The stored values of the roster stage as objects: read through the batch's view once, changed in place, written
 *  when changed. */
#pragma once

#include "consumers/stage.h"
#include "state/roster_code.h"

enum roster_value_kind {
    ROSTER_VALUE_HEAD,
    ROSTER_VALUE_LIST,
    ROSTER_VALUE_SLICE,
    ROSTER_VALUE_RUNNING,
    ROSTER_VALUE_REFUSALS,
};

/** Lives as long as the batch. Of an absent value everything is zero: an empty head, an empty running list. */
struct roster_value {
    enum roster_value_kind kind;
    bool is_absent;
    struct view_entry *entry;
    union {
        struct roster_head head;
        struct roster_list list;
        struct roster_slice slice;
        struct roster_running running;
        struct roster_refusals refusals;
    };
};

/** Whose values, and in which batch. */
struct roster_view {
    struct stage_turn *turn;
    int32_t partition;
};

/** OK; BAD_STATE, NEWER_STATE or SEALED_STATE with the fault filled; ARENA_FULL; what view_get says. */
NODISCARD enum status roster_value_get(const struct roster_view *view, const struct store_key *key,
    enum roster_value_kind kind, struct roster_value **ret_value);
/** It is there and to be written. */
void roster_value_keep(struct roster_value *value);
/** It is gone, and deleted if it was ever written. */
void roster_value_drop(struct roster_value *value);
/** The bytes to store; empty when gone. OK or ARENA_FULL. */
NODISCARD enum status roster_value_encode(
    struct arena *arena, const struct roster_value *value, struct text *ret_bytes);
