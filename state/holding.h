/** Which categories a person held on which day, from the grants and revocations of every source (rules.md G6). Pure.
 *
 *  A source speaks for its own grants only: it can revoke only what it granted itself, and a category is held while at
 *  least one source holds it. */
#pragma once

#include "state/fact.h"

/** One unbroken stretch of one source's grant. `to` is the first day without it. */
struct holding {
    uint8_t category;
    uint8_t funding;  /* FUNDING_..., 0 not given */
    uint8_t relation; /* RELATION_... with CATEGORY_RELATIVE */
    day from;
    day to;
    const struct fact *grant; /* which began it */
};

struct holdings {
    struct holding *items; /* in the order of the facts: by category */
    size_t count;
};

/** Builds the stretches from a person's identity facts, which stand in fact_order. ARENA_FULL or OK. */
NODISCARD enum status holdings_of(
    struct arena *arena, const struct fact *const *facts, size_t count, struct holdings *ret_holdings);

/** The set of categories held on that day. */
term_set holdings_on(const struct holdings *holdings, day d);

/** The latest grant among those that hold `category` on that day (its funding and relation count); NULL when none
 *  does. */
const struct holding *holdings_latest(const struct holdings *holdings, int category, day d);

/** Whether the category is held without a break on every day from `from` to `to`, by whichever of the set. */
bool holdings_unbroken(const struct holdings *holdings, term_set categories, day from, day to);

/** The first day of the unbroken stretch of the category (over all sources) that contains `d`; `d` must be held. */
day holdings_began(const struct holdings *holdings, int category, day d);
