/** What is said of a list to those who wrote it: in Chinese, with the rows of their own file, without names and
 *  identity numbers. */
#pragma once

#include "cli/roster_outgoing.h"
#include "proto/settled.pb-c.h"

#include <stdio.h>

/** The receipts of one list: many refused rows take several. */
struct roster_answer {
    Settled__V1__RosterReceipt **receipts; /* by number; NULL: not come yet */
    size_t count;                          /* how many there are to be; 0: none has come */
    size_t missing;
};

/** Takes over a receipt. False, and it stays the caller's: it is not of this list, or not of the answer that came
 *  first. */
bool roster_answer_take(
    struct roster_answer *answer, const struct roster_outgoing *list, Settled__V1__RosterReceipt *receipt);
void roster_answer_done(struct roster_answer *answer);
bool roster_answer_is_whole(const struct roster_answer *answer);
bool roster_answer_is_taken(const struct roster_answer *answer);

/** Headings that are not read, to standard error; every cell that cannot be read, a line each. */
void roster_report_unknown(const struct roster_sheet *sheet);
void roster_report_problems(const struct roster_sheet *sheet, const struct roster_words *words, FILE *stream);

/** What list it is, in one line. */
void roster_report_list(const struct roster_outgoing *list, FILE *stream);
/** The counts, and the refused rows. */
void roster_report_answer(const struct roster_answer *answer, const struct roster_outgoing *list, FILE *stream);
/** Why a list or a record was refused whole, in Chinese; the status' own name when there is nothing better. */
const char *roster_report_reason(const char *reason);
