/** One region's funds from four sides: what its settlements move, the entries made of them, the stored ledger, and the
 *  payment requests of closed months. Pure but for what it prints. */
#pragma once

#include "base/status.h"
#include "proto/settled.pb-c.h"
#include "state/fund.h"

#include <stdio.h>

struct verify_fund {
    struct verify_fund *next;
    struct text region;
    struct fund_ledger moved;     /* by the settlements, all of it in one month */
    struct fund_ledger entries;   /* what the entries come to: outgo by rule, year and month */
    struct fund_ledger requested; /* by month */
};

/** The regions met; everything lives in the arena. */
struct verify_funds {
    struct arena *arena;
    struct verify_fund *first;
};

/** Each takes a record of its topic, in the order of the topic; scratch is given back. What is no message of the topic
 *  is passed over. ARENA_FULL or OK. */
NODISCARD enum status verify_fund_take_settlement(struct verify_funds *funds, struct arena *scratch, struct text value);
NODISCARD enum status verify_fund_take_entry(struct verify_funds *funds, const Settled__V1__FundEntry *entry);
NODISCARD enum status verify_fund_take_request(struct verify_funds *funds, const Settled__V1__PaymentRequest *request);

/** What a comparison came to. */
struct verify_fund_found {
    size_t compared, differences;
    money outgo; /* of the stored ledger */
};
/** `stored` is NULL where nothing is. `stream` may be NULL: then differences are only counted. Adds to `found`. */
void verify_fund_compare(
    const struct verify_fund *fund, const struct fund_ledger *stored, FILE *stream, struct verify_fund_found *found);
