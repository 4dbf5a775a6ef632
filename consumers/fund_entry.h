/** Topic `fund-entry`: what moves a region's funds. Internal; see state/fund.h for what an entry is. */
#pragma once

#include "consumers/message.h"
#include "state/fund.h"

/** See message_decode in consumers/message.h; `ret_pack` is the region's, never NULL after decode. */
NODISCARD enum status consumer_fund_entry_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct fund_entry *ret_entry, const struct policy_pack **ret_pack, struct fault *fault);

/** What a settlement moves: of one payee, or of two when what was paid moves from one to another. */
struct fund_moves {
    struct fund_entry entries[2];
    size_t count;
};

/** Reads a record of topic `settlement` as what it moves of the funds: its deltas by line, those of lines withdrawn
 *  too, but what a hospital bears and what a personal account pays. Nothing for a TRIAL. NOT_PROTOBUF and its like,
 *  BAD_DATE, ARENA_FULL or OK. */
NODISCARD enum status consumer_fund_moves_decode(
    struct arena *arena, struct text value, struct fund_moves *ret_moves, struct fault *fault);
