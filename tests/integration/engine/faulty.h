/** A log and a store that pass every call on to others and let one call of them fail: the n-th, counted over both. */
#pragma once

#include "consumers/log.h"
#include "state/store.h"

enum faulty_kind {
    FAULTY_NOT,
    FAULTY_BEFORE,       /* the call fails and did nothing */
    FAULTY_AFTER,        /* the call did its work and yet fails: an answer that got lost */
    FAULTY_CRASH_BEFORE, /* the process ends before the call: `has_crashed`, and the test throws the engine away */
    FAULTY_CRASH_AFTER,
};

struct faulty {
    enum faulty_kind kind;
    long at;                 /* which call, from 0 */
    long calls;              /* so far; polls that bring nothing count too */
    bool is_store_away;      /* set by the test at any time: every store call fails */
    bool hides_ends;         /* set by the test at any time: polls do not tell of ends */
    long polls, store_calls; /* so far */
    bool has_fired;
    bool has_crashed;
    struct log log;
    struct store store;
    struct log *real_log;
    struct store *real_store;
};

/** Lends both; `faulty->log` and `faulty->store` are what an engine gets. */
void faulty_init(struct faulty *faulty, struct log *log, struct store *store);
