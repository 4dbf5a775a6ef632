/** Topic `roster-receipt`: the answer to every list, for the department that sent it. It alone may name the persons
 *  of refused rows: they are the department's own. */
#pragma once

#include "consumers/stage.h"
#include "state/roster_list.h"

/** Rows that one receipt lists at most: each takes less than 200 bytes, so that a receipt stays below a broker's
 *  limit. */
#define RECEIPT_ROWS_MAX 4000

struct producer_receipt {
    const struct roster_header *header;
    const struct store_key *list; /* tells apart lists of one name: part of the receipt's id */
    struct text roster_key;       /* the record's key */
    enum status reason;           /* why the list was refused whole; OK: it was taken */
    struct roster_counts counts;
    const struct roster_refusal *refusals; /* those that this receipt lists, in part and row order */
    size_t refusal_count;
    /* the refused rows of one list may take several receipts: which this is, of how many; from 1 */
    int32_t number, numbers;
    const struct roster_digest *differing; /* the part that came too late and differs; NULL: the list's own receipt */
    instant emitted_at;
    const struct log_record *cause;
};

/** Appends one receipt. OK or ARENA_FULL. */
NODISCARD enum status producer_roster_receipt_emit(struct outputs *outputs, const struct producer_receipt *receipt);
