/** What the files of the fold share. Private to state/fold*.c. */
#pragma once

#include "state/encounter.h"
#include "state/fold.h"

/** Where the facts of one kind stand. */
struct fold_range {
    size_t from;
    size_t count;
};

struct fold {
    const struct fold_input *input;
    struct arena *arena;
    struct fold_range kinds[FACT_KIND_COUNT];
    struct holdings holdings;
    struct encounters encounters;
    struct ledger ledger;
    size_t subject_room;
    /* The year being settled: */
    int year_number;
    struct policy_year year;
    money year_burden;
    day last_discharge;
};

void fold_find_kinds(struct fold *fold);

/** "2023", in the arena (the empty text when that is full, which the arena remembers). */
struct text fold_year_text(struct fold *fold, int year);

/** What the person's other facts say about this encounter. */
struct policy_gates fold_gates(const struct fold *fold, const struct encounter *encounter);

/** Facts of the year that gates need, found once. */
void fold_begin_year(struct fold *fold);

/** Takes from the personal account what it pays of the person's share. */
void fold_use_account(struct fold *fold, const struct encounter *encounter, struct ledger_subject *subject);

/** Adds the year's watch, where the region has one. */
void fold_watch_year(struct fold *fold);
