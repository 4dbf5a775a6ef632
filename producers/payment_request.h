/** Topic `payment-request`: what one institution or person is to be paid by one fund for a month (Pingshun art. 26). */
#pragma once

#include "producers/cause.h"
#include "state/fund.h"

/** Appends the request for a payee's sum of a closed month. ARENA_FULL or OK. */
NODISCARD enum status producer_payment_request_emit(
    struct outputs *outputs, const struct producer_cause *cause, struct text region, const struct fund_sum *sum);

/** A fund whose money runs out. */
struct producer_shortage {
    struct text region;
    uint8_t fund;
    int month;
    money balance, needed;
};
/** Appends the FUND_SHORT warning, to topic `warning`. ARENA_FULL or OK. */
NODISCARD enum status producer_fund_short_emit(
    struct outputs *outputs, const struct producer_cause *cause, const struct producer_shortage *shortage);
