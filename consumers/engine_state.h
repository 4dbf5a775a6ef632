/** What the files of the engine share; nobody else includes it. */
#pragma once

#include "consumers/engine.h"
#include "consumers/engine_offsets.h"
#include "consumers/view.h"

#include <pthread.h>

/** Records of one topic that wait in the room, first to last; 0: nobody. */
struct line {
    uint32_t first, last;
};

/** A place in the room. */
struct waiting {
    struct log_record record;
    uint32_t next; /* of the line, or of the free places */
};

/** One owned partition, over all topics. */
struct partition {
    int32_t id;
    bool is_live;                      /* everything ever committed is in the store: outputs leave */
    bool is_stopped;                   /* by a broken invariant: nothing is read, nothing leaves */
    bool must_forget;                  /* something stored is damaged: recovery begins with deleting all of it */
    bool is_rebuilding;                /* since then, until it lives: more damage stops it */
    bool has_damaged;                  /* `damaged` is set */
    struct store_key damaged;          /* the value that was damaged last: the same one again stops it */
    char offsets[ENGINE_OFFSETS_SIZE]; /* as the store has it, to the byte: what compare-and-set compares with */
    size_t offsets_length;
    int64_t next[ENGINE_TOPICS_MAX];   /* what `offsets` says */
    int64_t seen[ENGINE_TOPICS_MAX];   /* next to collect */
    int64_t target[ENGINE_TOPICS_MAX]; /* what the group has committed: up to here outputs are suppressed */
    bool has_reached[ENGINE_TOPICS_MAX];
    bool has_dropped; /* a record beyond a target: going live begins with reading it again */
    bool is_ready;    /* to go live with the next start */
    size_t held;      /* records collected and not yet written */

    struct line lines[ENGINE_TOPICS_MAX];
    bool is_at_end[ENGINE_TOPICS_MAX]; /* said by the log, and nothing came since */
    bool is_in_step;                   /* all topics have been at their ends since the start, or patience is over */
    int64_t blocked_since_ms;          /* since when nothing of it was taken; 0: just now, or nothing waits */

    /* Of the batch at hand; NULL and unset between batches. */
    struct view_partition *view;
    int64_t batch_next[ENGINE_TOPICS_MAX];
};

/** One record of the batch at hand, in the arena. */
struct item {
    const struct log_record *record;
    struct partition *partition;
    void *input;
    struct store_key key;
    struct fault *refusal; /* NULL: decoded */
    size_t first_output, output_count;
};

struct engine {
    struct engine_config config;
    struct log *log;
    struct store *store;
    struct stage *stage;
    const char *const *topics;
    int topic_count;
    struct arena *arena;
    enum engine_step step;
    bool turn_is_over;

    struct partition *partitions;
    size_t partition_count;
    struct partition **by_id; /* partition_limit of them, NULL where not owned */
    size_t partition_limit;

    struct waiting *room; /* where collected records wait for their turn: room_size places, from number 1 */
    size_t room_size, room_count;
    uint32_t room_used; /* places beyond were never taken */
    uint32_t room_free; /* the first of those given back; 0: none */

    struct log_record *held; /* a queue, the batch at its head: [held_first, held_first + held_count) */
    size_t held_first, held_count, held_capacity;
    size_t batch_limit;  /* halved when the arena is full, doubled back when it was not */
    bool refuse_largest; /* the next batch is one record that does not fit */

    struct item *items;
    size_t item_count;
    instant now; /* when the batch began: all of it is told one time, and the clock is asked once */
    struct view view;
    struct outputs outputs;
    struct store_write *writes;
    size_t write_count;
    const struct view_entry *about; /* the value that the last failure was about; NULL: none, or not known */

    bool is_assigned;
    bool needs_recovery;
    bool needs_reopen;
    bool needs_start; /* a partition is ready, or one was stopped: read on from where everyone stands */
    int64_t retry_at_ms;
    int backoff_ms;          /* 0: the last batch went well, and the first retry is at once */
    int64_t looked_at_ms;    /* when an idle worker last looked whether the store still is what it left there */
    enum status waiting_for; /* OK, KAFKA_UNREACHABLE or STORE_UNREACHABLE: said once when it changes */

    pthread_mutex_t health_lock;
    struct engine_health health;
};

/* engine.c */
int64_t engine_elapsed_ms(const struct engine *engine);
void engine_count(struct engine *engine, enum engine_metric metric, uint64_t by);
/** Says in log and health what the engine waits for; OK ends the waiting. */
void engine_wait_for(struct engine *engine, enum status what, const struct fault *fault);
/** Stops one partition for good; the rest goes on. */
void engine_stop_partition(struct engine *engine, struct partition *partition, const struct fault *fault);
/** A stored value (`engine->about`), or the offsets, cannot be believed: the next recovery rebuilds the partition. It
 *  is stopped instead when that was tried just now, or for this very value. */
void engine_note_damage(struct engine *engine, struct partition *partition, const struct fault *fault);

/* engine_recover.c */
/** Reads on from what each partition has seen; those that are ready are live. */
enum status engine_start(struct engine *engine, struct fault *fault);
/** Throws the batch and everything collected away; the next turn takes the partitions back from the store. */
void engine_begin_recovery(struct engine *engine, enum status why, const struct fault *fault);
void engine_take_assignment(struct engine *engine, const int32_t *ids, size_t count);
void engine_drop_assignment(struct engine *engine);

/* engine_order.c */
/** False when out of memory. */
bool engine_room_open(struct engine *engine);
bool engine_room_is_full(const struct engine *engine);
/** Into a room that is not full. */
void engine_room_put(struct engine *engine, struct partition *partition, const struct log_record *record);
/** Gives all that waits back to the log. */
void engine_room_empty(struct engine *engine);
/** From the room into the queue, at most what a batch may take, in the order of time over the topics of a partition. */
void engine_line_up(struct engine *engine);
/** A partition is read anew: nobody knows how far behind its topics are. */
void engine_order_begin(struct engine *engine, struct partition *partition);
void engine_order_note_end(struct engine *engine, struct partition *partition, int topic);

/* engine_collect.c */
/** Appends a record to the queue. */
void engine_hold(struct engine *engine, const struct log_record *record);
void engine_drop_collected(struct engine *engine);
/** Gives back the first `count` records of the queue. */
void engine_drop_held(struct engine *engine, size_t count);
/** Lets a partition live that has reached its targets and has nothing held: from here its outputs leave. */
void engine_wake_partition(struct engine *engine, struct partition *partition);
/** One poll, acted upon: what a batch or a recovery does while it waits. */
enum status engine_poll(struct engine *engine, int wait_ms, enum log_event_kind *ret_kind, struct fault *fault);

/* engine_look.c */
/** What the store has as offsets of each partition, in the partitions' order and the batch's arena. ARENA_FULL, or what
 *  the store says. */
enum status engine_read_offsets(struct engine *engine, struct store_read **ret_reads, struct fault *fault);
/** For a worker that has nothing to do. AGAIN: go on so; STORE_MOVED_ON, STORE_UNREACHABLE: recover. */
enum status engine_look(struct engine *engine, struct fault *fault);

/* engine_batch.c */
void engine_forget_batch(struct engine *engine);

/** A step does its part and names the next one in `engine->step`, or ends the turn. */
#define STEP(name, function) enum status function(struct engine *engine, struct fault *fault);
#include "consumers/engine_step.def"
#undef STEP
