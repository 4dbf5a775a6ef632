/** The input record that causes an output, and ids that are functions of it: a replay yields the same id, and a reader
 *  can drop repeats. An id tells nothing of the person. */
#pragma once

#include "consumers/stage.h"

/** Lent. */
struct producer_cause {
    const char *topic;
    const struct log_record *record;
    instant recorded_at; /* by the sender of what the record tells */
    instant emitted_at;
};

/** 32 hex digits and a NUL in the arena: a function of the cause and of `parts`, what the output is about. NULL when
 *  the arena is full. */
NODISCARD char *producer_id(
    struct arena *arena, const struct producer_cause *cause, const struct text *parts, size_t count);
