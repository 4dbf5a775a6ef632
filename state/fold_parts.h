/** What the files of the fold share. Private to state/fold*.c. */
#pragma once

#include "state/case.h"
#include "state/encounter.h"
#include "state/fold.h"

/** Where the facts of one kind stand. */
struct fold_range {
    size_t from;
    size_t count;
};

/** The personal account while the years go by. */
struct fold_account {
    const void **credits; /* by day */
    size_t credit_count, next_credit;
    day next_month; /* the next first of a month that may be credited */
    money balance;
    const struct fact *moved; /* the last transfer or inheritance done */
};

struct fold {
    const struct fold_input *input;
    struct arena *arena;
    struct fold_range kinds[FACT_KIND_COUNT];
    const struct policy_rule *per_visit; /* the region's rule of that kind, NULL: none */
    struct holdings holdings;
    struct encounters encounters;
    struct case_files cases;
    struct fold_account account;
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

/** `id`, or where it is empty or another subject of this kind has taken it, the event id of the fact, and if two
 *  senders use that too, with its source behind it: a counter may use one case id twice, and two subjects of one name
 *  would be mistaken for each other. The empty text when the arena is full, which the arena remembers. */
struct text fold_free_id(struct fold *fold, uint8_t subject, struct text id, const struct fact *fact);

/** Adds a finished subject with its lines; checks that it adds up. ARENA_FULL, INVARIANT_BROKEN or OK. */
NODISCARD enum status fold_add_subject(
    struct fold *fold, const struct ledger_subject *subject, const struct policy_lines *lines);

/** What the person's other facts say about this encounter. */
struct policy_gates fold_gates(const struct fold *fold, const struct encounter *encounter);

/** Sorts what is credited; the account of a region without one stays empty. ARENA_FULL or OK. */
NODISCARD enum status fold_open_account(struct fold *fold);
/** Transfers and inheritances of the days before `before`, in order. */
NODISCARD enum status fold_move_account(struct fold *fold, day before);
int fold_movement_order(const struct fact *a, const struct fact *b);
/** Takes from the personal account what it pays of the person's share. */
void fold_use_account(struct fold *fold, const struct encounter *encounter, struct ledger_subject *subject);

/** Adds the year's watch, where the region has one. */
void fold_watch_year(struct fold *fold);
/** Adds to it that the person may apply for the subsidy. */
void fold_watch_case(const struct fold *fold, struct ledger_watch *watch);

/** The subjects that are not encounters. */
NODISCARD enum status fold_cases(struct fold *fold);
NODISCARD enum status fold_enrolments(struct fold *fold);
NODISCARD enum status fold_grants(struct fold *fold);
