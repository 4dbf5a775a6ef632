/** The plain model that a run is held against: every committed transaction is read as the world reads it, and what was
 *  told must be what a plain fold of the facts behind the group's positions comes to: at each commit while no period
 *  has been closed, and in any case at the end.
 *
 *  It knows of a stage only what is in its topics. What it checks of any stage: positions never move back, nothing
 *  undecided is passed over, no id is told twice, what is refused is refused once. */
#pragma once

#include "state/calendar.h"
#include "state/person.h"
#include "tests/sim/book.h"
#include "tests/sim/broker.h"
#include "tests/sim/county.h"
#include "tests/sim/store.h"

#define ORACLE_PERSONS_MAX 8
#define ORACLE_IDS_SIZE 8192
#define ORACLE_LISTS_MAX 32

struct oracle_person {
    struct person person;
    struct book book;
    bool is_touched; /* by the transaction at hand */
};

struct oracle_folk {
    bool takes_astray; /* also what came to a partition where its person is not at home */
    struct oracle_person people[ORACLE_PERSONS_MAX];
    size_t count;
    struct calendar calendars[SIM_PARTITIONS_MAX];
    bool has_closed[SIM_PARTITIONS_MAX];
};

/** A closed month's list in one partition. */
struct oracle_list {
    int32_t partition;
    char period[8];
    int64_t listed;
    bool has_ended;
};

struct oracle {
    struct sim *sim;
    struct sim_broker *broker;
    const struct consumer_context *context;
    const struct policy_pack *pack;
    struct arena *scratch;
    struct oracle_folk *folk;
    uint64_t *ids; /* hashes of those told */
    size_t id_count;
    struct oracle_list lists[ORACLE_LISTS_MAX];
    size_t list_count;
    int64_t transactions; /* with outputs */
    int64_t paid_fen;     /* told in all; a simulation in which nothing is paid would prove nothing */
};

void oracle_begin(struct oracle *oracle, struct sim_broker *broker, const struct county *county, struct arena *scratch);
/** The broker's `sim_committed`. */
void oracle_committed(void *context, const struct sim_transaction *transaction);

/** Nobody yet. */
struct oracle_folk *oracle_folk_new(struct oracle *oracle);
/** A record that the person stage has read, or is to read: its fact, into `folk`. What is refused was told. */
void oracle_take(struct oracle *oracle, struct oracle_folk *folk, const struct log_record *record);
/** The ledger of a person's facts. */
void oracle_fold(
    struct oracle *oracle, const struct oracle_folk *folk, struct person *person, struct ledger *ret_ledger);

/** Of oracle_end.c: when all is quiet. `place` is that of the person stage. */
void oracle_end(struct oracle *oracle, const struct sim_place *place);
/** Of oracle_list.c: the same, of lists. */
void oracle_end_lists(struct oracle *oracle);
/** Of oracle_fund.c: the same, of money that left the funds. `place` is that of the fund stage. */
void oracle_end_funds(struct oracle *oracle, const struct sim_place *place);
