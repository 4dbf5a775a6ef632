/** What the settlements say a hospital is owed: for each encounter, what it has paid at the desk for the funds. Sums,
 *  no records. Pure. */
#pragma once

#include "base/arena.h"
#include "base/money.h"
#include "cli/key_index.h"
#include "proto/settled.pb-c.h"

struct statement_owed_wanted {
    struct text region;      /* empty: all */
    struct text institution; /* empty: all */
    struct text month;       /* YYYY-MM of the trigger's recorded_at; empty: all */
};

/** What one institution is owed for one person's encounter. */
struct statement_debt {
    const char *institution, *encounter, *person;
    int64_t fen;
};

struct statement_owed {
    struct arena *arena;
    struct statement_owed_wanted wanted;
    struct key_index ids, subjects, index; /* settlements' ids; subjects; debts */
    int64_t *funded_fen;                   /* what the funds have paid so far, by subject */
    struct statement_debt *debts;
    uint32_t subject_count, subject_capacity, debt_count, debt_capacity; /* number 0 is not used */
};

void statement_owed_begin(struct statement_owed *owed, struct arena *arena, const struct statement_owed_wanted *wanted);
/** In the order of the topic. */
void statement_owed_take(struct statement_owed *owed, const Settled__V1__Settlement *settlement);
void statement_owed_done(struct statement_owed *owed);
