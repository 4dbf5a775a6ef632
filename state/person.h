/** A person's state in one region: the set of facts and what was last emitted. Canonical: any order and any repetition
 *  of the same facts end in the same bytes. Pure; everything lives in the arena. */
#pragma once

#include "state/difference.h"
#include "state/fold.h"

struct person {
    struct text region;
    struct text person_id;
    const struct fact **facts; /* in fact_order; one per identity */
    size_t count;
    size_t capacity;
    struct text emitted; /* the ledger's bytes as last emitted */
};

/** Reads a state; empty bytes are a person nobody has heard of, whose region and id the caller sets. BAD_STATE when the
 *  bytes are damaged (checksum) or of a newer format; ARENA_FULL; OK. Texts are lent from the bytes. */
NODISCARD enum status person_decode(struct arena *arena, struct text bytes, struct person *ret_person);

NODISCARD enum status person_encode(struct arena *arena, const struct person *person, struct text *ret_bytes);

/** What adding a fact did. */
struct person_added {
    bool changed;             /* the set is another one now */
    const struct fact *loser; /* one of two rival contents, to be reported as CONFLICTING_DUPLICATE; NULL: none */
};

/** Adds a checked fact (encoded: `stored` is set). A repeat changes nothing. TOO_MANY_FACTS, ARENA_FULL or OK. */
NODISCARD enum status person_add(struct arena *arena, struct person *person, const struct fact *fact,
    fact_bytes_cmp bytes_cmp, struct person_added *ret_added);

/** What a fold needs besides the person. */
struct person_policy {
    const struct policy_pack *pack;
    year_set closed_years;
    const struct fold_grant *grants;
    size_t grant_count;
};

/** Folds the person's facts, sets `person->emitted` to the new ledger and returns what is to be emitted; `ret_ledger`
 *  may be NULL. ARENA_FULL, INVARIANT_BROKEN, BAD_STATE or OK. */
NODISCARD enum status person_settle(struct arena *arena, struct person *person, const struct person_policy *policy,
    struct ledger *ret_ledger, struct difference *ret_difference);
