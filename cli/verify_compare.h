/** One person's stored ledger against what the topic says: every difference, and what probably did it. Pure. */
#pragma once

#include "cli/verify_book.h"
#include "state/person.h"

enum verify_cause {
#define CAUSE(name, sentence) VERIFY_CAUSE_##name,
#include "cli/verify_cause.def"
#undef CAUSE
    VERIFY_CAUSE_COUNT
};
/** Lives for ever. */
const char *verify_cause_sentence(enum verify_cause cause);

struct verify_difference {
    enum verify_cause cause;
    uint8_t subject; /* SUBJECT_... */
    struct text id;
    money topic, ledger; /* what has changed hands, by either */
    size_t count;        /* of records, where the cause counts them */
};

/** What is stored of a person. */
enum verify_value { VERIFY_VALUE_THERE, VERIFY_VALUE_GONE, VERIFY_VALUE_DAMAGED };

struct verify_differences {
    struct arena *arena;
    struct verify_difference *items;
    size_t count, capacity;
    size_t compared;     /* subjects */
    money topic, ledger; /* what has changed hands, by either, of all that was compared */
};

/** Of one person: adds to `differences`. `emitted` is the stored ledger's bytes when the value is there. The book's
 *  `is_seen` of the person and the subjects are used. DAMAGED is found out here, too. ARENA_FULL or OK. */
NODISCARD enum status verify_compare(struct verify_book *book, uint32_t person, enum verify_value value,
    struct text emitted, struct verify_differences *differences);
