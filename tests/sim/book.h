/** What one person was told, as a careful reader of `settlement` and `warning` adds it up; compared with the ledger
 *  that a plain fold gives. */
#pragma once

#include "proto/settled.pb-c.h"
#include "state/ledger.h"
#include "tests/sim/sim.h"

#define BOOK_LINES_MAX 256
#define BOOK_SUBJECTS_MAX 64
#define BOOK_YEARS_MAX 16

/** What changed hands so far. */
struct book_line {
    uint8_t subject, fund;
    struct text id, rule;
    int64_t fen;
};

/** The last word about a subject. */
struct book_subject {
    uint8_t subject, kind, status;
    struct text id;
    int64_t benefit_fen, hospital_fen, account_fen, burden_fen;
};

/** Warnings of a year that stand: 0 or 1. */
struct book_year {
    int year, crossed;
};

struct book {
    struct sim *sim;
    struct book_line lines[BOOK_LINES_MAX];
    size_t line_count;
    struct book_subject subjects[BOOK_SUBJECTS_MAX];
    size_t subject_count;
    struct book_year years[BOOK_YEARS_MAX];
    size_t year_count;
};

/** A run fails when what is told does not follow from what was told before: lost, or told twice. */
void book_settlement(struct book *book, const Settled__V1__Settlement *settlement);
void book_warning(struct book *book, const Settled__V1__Warning *warning);

/** Fails unless all that was told comes to exactly this ledger. */
void book_check(const struct book *book, const struct ledger *ledger);
