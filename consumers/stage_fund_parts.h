/** What the files of the fund stage share. Private to consumers/stage_fund*.c. */
#pragma once

#include "consumers/stage_fund.h"
#include "producers/cause.h"
#include "state/frame.h"

struct stage_fund {
    struct stage stage;
    struct stage_fund_config config;
};

/** One record's work, with what it is allowed to touch. */
struct fund_turn {
    const struct stage_fund *stage;
    struct stage_turn *turn;
    const struct log_record *record;
    const struct policy_pack *pack; /* of the entry's region */
    struct text region;
};

/** What a view entry of this stage holds. */
struct fund_value {
    enum frame_kind kind; /* FRAME_FUND_... */
    bool is_absent;       /* nothing is stored, or nothing shall be */
    struct view_entry *entry;
    struct fund_ledger ledger;
    struct fund_sum sum;
    struct fund_index index;
    uint64_t count; /* of rows that say the same */
};

/* ---- stage_fund_value.c: keys and values ---- */

struct store_key stage_fund_ledger_key(const uint8_t secret[16], struct text region);
/** Of the sum of one payee, and of the index of payees, of a month of a fund. */
struct fund_place {
    int month;
    uint8_t fund;
    uint32_t chunk; /* of the index */
};
struct store_key stage_fund_sum_key(
    const uint8_t secret[16], struct text region, const struct fund_place *place, const struct fund_payee *payee);
struct store_key stage_fund_index_key(const uint8_t secret[16], struct text region, const struct fund_place *place);
struct store_key stage_fund_row_key(const uint8_t secret[16], struct text region, const struct fund_row *row);

/** The value of a key, read from the store's bytes once a batch. BAD_STATE, ARENA_FULL, what view_get says, or OK. */
NODISCARD enum status stage_fund_value_get(
    const struct fund_turn *turn, const struct store_key *key, enum frame_kind kind, struct fund_value **ret_value);
/** It shall be stored, or shall not. */
void stage_fund_value_keep(struct fund_value *value);
void stage_fund_value_drop(struct fund_value *value);
NODISCARD enum status stage_fund_value_encode(
    struct arena *arena, const struct fund_value *value, struct text *ret_bytes);

/* ---- stage_fund_pay.c ---- */

NODISCARD enum status stage_fund_pay(
    const struct fund_turn *turn, struct fund_value *ledger, const struct fund_entry *entry);
NODISCARD enum status stage_fund_receive(
    const struct fund_turn *turn, struct fund_value *ledger, const struct fund_entry *entry);

/* ---- stage_fund_close.c ---- */

/** Closes months and years, warns of funds that run short, and emits the payment requests of what was closed, some at a
 *  time: an entry to the own partition, in the same transaction, carries the place where it goes on. */
NODISCARD enum status stage_fund_close(
    const struct fund_turn *turn, struct fund_value *ledger, const struct fund_entry *entry);

/** The cause of what this record leads to. */
struct producer_cause stage_fund_cause(const struct fund_turn *turn);
