/** The log of a replay: one partition of each topic, fed by hand, whose commits come back to the caller in the order of
 *  their making. Nothing is kept, so that a replay of any length takes constant memory here. One thread. */
#pragma once

#include "consumers/log.h"

/** Takes one committed output; what it needs later it copies. */
typedef void log_feed_take(void *context, const struct log_output *output);

struct log_feed_outlet {
    log_feed_take *take;
    void *context;
};

/** `topics` is NULL-terminated and, as the outlet's context, outlives the log. NULL when out of memory. */
struct log *log_feed_new(const char *const *topics, struct log_feed_outlet outlet);

/** Appends a copy of a record, to be read in its turn. False when this log does not have its topic. */
bool log_feed_push(struct log *log, const struct log_output *record, instant appended_at);
/** Whether nothing waits to be read. */
bool log_feed_is_empty(const struct log *log);
