/** The fund stage: what settlements move, what FUND lists bring in and which periods are over becomes a ledger of each
 *  region's funds, payment requests and warnings of funds that run short (rules.md F; docs/architecture.md).
 *
 *  A region's entries are all in one partition of `fund-entry`, its home: that topic alone gives the order, so that a
 *  replay ends in the same ledger. Settlements and closes are passed on to it, in the transaction that reads them. */
#pragma once

#include "consumers/message.h"
#include "consumers/stage.h"
#include "state/fund.h"

struct stage_fund_config {
    struct consumer_context context; /* the packs: lent for the stage's life */
    uint8_t key_secret[16];          /* of the keyed hash under which values are stored */
};

/** NULL when out of memory. The caller frees it (`ops->free`). */
struct stage *stage_fund_new(const struct stage_fund_config *config);

/** Its topics, NULL-terminated: all with the same number of partitions. */
extern const char *const stage_fund_topics[];

/** Where a region's ledger is looked for. */
struct stage_fund_query {
    struct store *store;   /* of the stage "fund" (as `settledctl show` opens that of "person") */
    const uint8_t *secret; /* 16 bytes, of the configuration */
    struct text region;
};
/** Reads a region's ledger from a store, wherever its home is. AGAIN: nothing is booked yet; STORE_UNREACHABLE,
 *  BAD_STATE, ARENA_FULL with `fault`; OK. */
NODISCARD enum status stage_fund_load(
    const struct stage_fund_query *query, struct arena *arena, struct fund_ledger *ret_ledger, struct fault *fault);
