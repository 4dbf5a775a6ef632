/** The Kafka of a run, as far as workers can tell: topics with partitions, transactions that may hang between begin and
 *  end, consumer groups with generations, transactional ids with epochs. What is not decided yet is read by nobody. */
#pragma once

#include "consumers/engine.h"
#include "tests/sim/sim.h"

#define SIM_TOPICS_MAX 24
#define SIM_MEMBERS_MAX 12

enum sim_entry_state { SIM_OPEN, SIM_COMMITTED, SIM_ABORTED, SIM_MARKER };

struct sim_group;

struct sim_entry {
    struct log_output record;
    instant appended_at;
    uint8_t state;              /* SIM_... */
    const struct sim_group *by; /* whose stage wrote it; NULL: from outside */
};

struct sim_tail {
    struct sim_entry **entries;
    int64_t count, capacity;
};

struct sim_topic {
    const char *name;
    struct sim_tail tails[SIM_PARTITIONS_MAX];
};

struct sim_log;

/** The consumer group of a stage. */
struct sim_group {
    const char *name;
    const char *const *topics;
    int topic_count;
    int64_t committed[ENGINE_TOPICS_MAX][SIM_PARTITIONS_MAX]; /* -1: none */
    struct sim_log *members[SIM_MEMBERS_MAX];
    size_t member_count;
    int generation;
    int epochs[SIM_SLOTS_MAX]; /* of each slot's transactional id */
};

/** One transaction: its outputs lie in the log already; positions count only once it is committed. */
struct sim_transaction {
    struct sim_group *group;
    int slot, epoch;
    struct sim_entry **outputs;
    size_t output_count;
    struct log_position *positions;
    size_t position_count;
    bool is_over;
};

/** Told when a transaction has become valid, before its positions are. */
typedef void sim_committed(void *context, const struct sim_transaction *transaction);

struct sim_broker {
    struct sim *sim;
    int32_t partition_count;
    struct sim_topic topics[SIM_TOPICS_MAX];
    size_t topic_count;
    struct sim_group groups[SIM_STAGES_MAX];
    size_t group_count;
    struct sim_transaction **hanging;
    size_t hanging_count, hanging_capacity;
    bool is_away;
    sim_committed *committed;
    void *context;
};

void sim_broker_begin(struct sim_broker *broker, struct sim *sim, int32_t partition_count);
struct sim_topic *sim_broker_topic(struct sim_broker *broker, const char *name);
struct sim_group *sim_broker_group(struct sim_broker *broker, const char *name, const char *const *topics);

/** From outside, outside of any transaction. */
void sim_broker_append(struct sim_broker *broker, const struct log_output *record);

/** Writes the outputs of a new transaction, which hangs. */
struct sim_transaction *sim_broker_transact(struct sim_broker *broker, const struct sim_transaction *begun,
    const struct log_output *outputs, size_t output_count);
void sim_broker_end(struct sim_broker *broker, struct sim_transaction *transaction, bool is_commit);
/** What a new producer under the same transactional id does: the old one's transaction ends, and it may not write any
 *  more. Returns the new epoch. */
int sim_broker_init_transactions(struct sim_broker *broker, struct sim_group *group, int slot);
/** Something that hangs ends one way or the other, long after its worker gave up. */
void sim_broker_settle_one(struct sim_broker *broker, bool is_commit);
/** Whether a hanging transaction would move this position. */
bool sim_broker_is_unstable(
    const struct sim_broker *broker, const struct sim_group *group, int topic, int32_t partition);

/** The next record that a reader of what is committed sees at or after `offset`: its offset, or the end (which may move
 *  while something hangs): `ret_entry` is NULL then. */
int64_t sim_tail_next(const struct sim_tail *tail, int64_t offset, const struct sim_entry **ret_entry);
