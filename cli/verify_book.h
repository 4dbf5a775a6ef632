/** What the settlement topic says, added up: per person and subject what has changed hands and what was said last. Sums
 *  and hashes, no records, so that millions of settlements fit. Pure. */
#pragma once

#include "base/arena.h"
#include "base/money.h"
#include "cli/key_index.h"
#include "proto/settled.pb-c.h"

/** What of a subject was said last, or is stored of it. */
struct verify_said {
    uint8_t status;   /* OUTCOME_...; 0: nothing, or it is void */
    int64_t paid_fen; /* what has changed hands when all is emitted */
    uint64_t lines;   /* a fingerprint of rules, funds and amounts */
    int64_t account_fen, hospital_fen;
};

struct verify_subject {
    uint32_t next; /* of the same person; 0: none */
    uint8_t subject;
    bool is_seen;     /* of use to whoever compares */
    uint16_t repeats; /* records with an id that was there before; not in the sums */
    uint16_t unsound; /* records whose lines do not add up to their delta */
    const char *id;
    int64_t moved_fen;    /* the sum of deltas */
    uint64_t moved_lines; /* their fingerprint: that of `said.lines` when all is emitted */
    int64_t repeated_fen;
    struct verify_said said;
};

struct verify_person {
    struct store_key key;
    char region[8];
    char person_id[24]; /* empty: known by the key alone */
    uint32_t first;     /* subject; 0: none */
    bool is_seen;
};

struct verify_book {
    struct arena *arena;
    const uint8_t *secret; /* 16 bytes: of the keyed hash under which persons are stored */
    struct key_index person_index, subject_index, ids;
    struct verify_person *persons; /* by number; the first is not used */
    struct verify_subject *subjects;
    uint32_t person_count, person_capacity, subject_count, subject_capacity;
    size_t settlements, trials;
};

void verify_book_begin(struct verify_book *book, struct arena *arena, const uint8_t *secret);
void verify_book_done(struct verify_book *book);
void verify_book_take(struct verify_book *book, const Settled__V1__Settlement *settlement);

/** The number of a person, entered when unknown; `person_id` may be empty. */
uint32_t verify_book_person(
    struct verify_book *book, const struct store_key *key, struct text region, struct text person_id);
/** 0: the topic does not have it. */
uint32_t verify_book_find(const struct verify_book *book, uint32_t person, uint8_t subject, struct text id);

/** Adds a line to a fingerprint: the same lines in any order give the same number. */
uint64_t verify_line(uint64_t lines, struct text rule, int fund, int64_t fen);
