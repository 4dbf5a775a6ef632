/** What an engine runs: the decoding and folding of one group of co-partitioned input topics. The person stage
 *  (admissions, discharges, identity changes ...), the roster stage (lists) and the fund stage (ledgers) are the three.
 *
 *  The engine owns the order of things (read, fold, commit, write); a stage is pure between `decode` and `encode` but
 *  for `view_get`, which may read the store. All memory is the batch's arena. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "consumers/log.h"
#include "state/store.h"

/** One stored value during a batch. `object` is the stage's parsed form of `bytes`, made on first use and kept for the
 *  batch. */
struct view_entry {
    int32_t partition;
    struct store_key key;
    struct text bytes; /* as read; empty when absent */
    void *object;      /* the stage's own; NULL at first */
    bool changed;      /* set by the stage: encode and write me */
};

/** The values a batch works on: what `decode` asked for was read in one round trip; anything else is read when asked
 *  for. */
struct view;
NODISCARD enum status view_get(struct view *view, int32_t partition, const struct store_key *key,
    struct view_entry **ret_entry, struct fault *fault);

/** Reads in one round trip what of these is not in the view yet, so that `view_get` finds it there. ARENA_FULL,
 *  STORE_UNREACHABLE, STORE_MOVED_ON or OK. */
NODISCARD enum status view_fetch(
    struct view *view, int32_t partition, const struct store_key *keys, size_t count, struct fault *fault);

/** The keys of a partition of the batch that follow `after` bytewise (NULL: from the first), at most `limit`, in order:
 *  those of the store, and those that this batch has added. STORE_UNREACHABLE, STORE_MOVED_ON or OK. */
NODISCARD enum status view_scan(struct view *view, int32_t partition, const struct store_key *after, size_t limit,
    struct store_key *ret_keys, size_t *ret_count, struct fault *fault);

/** Output records in the making; appended in order, all in the arena. */
struct outputs {
    struct arena *arena;
    struct log_output *items;
    size_t count;
    size_t capacity;
};
/** Appends one; ARENA_FULL or OK. The texts must live as long as the arena. */
NODISCARD enum status outputs_add(struct outputs *outputs, const struct log_output *output);

/** What a stage is given with every record. */
struct stage_turn {
    struct arena *arena;
    instant now; /* the engine's clock for this batch; in `replay` the record's own time */
    struct view *view;
    struct outputs *outputs;
    struct fault *fault;
    const struct view_entry *about; /* set by the stage: the value at hand, for when it fails */
};

struct stage;

struct stage_ops {
    const char *name;          /* "person": part of group names, store names, logs */
    const char *const *topics; /* NULL-terminated; a record's `topic` is an index into it */
    bool sends_home;           /* sends records on that came to another partition than that of their key */

    /** Step 1: bytes to a checked fact, in the arena. `ret_key` is the value it will need (read ahead for the whole
     *  batch). OK; a status of class REJECT with `fault` filled: the engine calls `reject`; ARENA_FULL. */
    enum status (*decode)(struct stage *stage, struct stage_turn *turn, const struct log_record *record,
        void **ret_input, struct store_key *ret_key);

    /** Step 3: folds one decoded record into the view and appends the differences to the outputs. Same statuses; also
     *  INVARIANT_BROKEN, NEWER_STATE and SEALED_STATE, which stop the record's partition before anything of this batch
     *  leaves it; and BAD_STATE, a damaged value: the partition is rebuilt. `turn->about` says which value. On REJECT
     *  the stage has changed nothing. */
    enum status (*apply)(struct stage *stage, struct stage_turn *turn, const struct log_record *record, void *input);

    /** Appends the `rejection` record for `record` (kept whole: key, headers, payload), for the reason in
     *  `turn->fault`. */
    enum status (*reject)(struct stage *stage, struct stage_turn *turn, const struct log_record *record);

    /** Step 5: the bytes to store for a changed entry; the empty text deletes it. OK or ARENA_FULL. */
    enum status (*encode)(
        struct stage *stage, struct arena *arena, const struct view_entry *entry, struct text *ret_bytes);

    /** After INVARIANT_BROKEN: appends to `outputs` the records, of the stage's own input topics, that lead there again
     *  when a stage is given nothing else. NULL: there is nothing to tell. OK or ARENA_FULL. */
    enum status (*evidence)(
        struct stage *stage, struct stage_turn *turn, const struct log_record *record, struct outputs *outputs);

    void (*free)(struct stage *stage);
};

/** Every implementation begins with this. */
struct stage {
    const struct stage_ops *ops;
};
