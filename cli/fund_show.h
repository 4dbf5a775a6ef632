/** A region's funds as people read them: in Chinese and yuan, or as JSON. */
#pragma once

#include "policy/pack.h"
#include "state/fund.h"

#include <jansson.h>
#include <stdio.h>

/** What of a ledger is shown. Lent. */
struct fund_view {
    const struct fund_ledger *ledger;
    const struct policy_pack *pack; /* names the region and its rules */
    int year;                       /* 0: all */
};

/** The caller owns the JSON (json_decref). */
json_t *fund_show_json(const struct fund_view *view);
void fund_show_print(const struct fund_view *view, FILE *out);
