/** Topic `fund-entry`: what moves a region's funds, sent to the region's home. Internal. */
#pragma once

#include "producers/cause.h"
#include "state/fund.h"

#define FUND_ENTRY_TOPIC "fund-entry"

/** Appends one entry; `number` tells apart the entries of one cause. ARENA_FULL or OK. */
NODISCARD enum status producer_fund_entry_emit(
    struct outputs *outputs, const struct producer_cause *cause, const struct fund_entry *entry, unsigned number);
