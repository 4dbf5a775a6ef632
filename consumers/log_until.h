/** A log that is only read, and only up to given positions: what recovery needs to build a partition's values again
 *  beside a running group, or without one. Nothing is committed and nothing is written; records at and beyond the
 *  positions are never delivered, so that an engine over it recovers, goes live, and has nothing more to do. */
#pragma once

#include "consumers/log.h"

/** Over `base`, which it takes and closes. NULL when out of memory. `base` tells of its partitions as any log does. */
struct log *log_until_new(struct log *base);

/** Up to where; at first nowhere. Copied. For an engine it is a new assignment of the same partitions: it takes them
 *  back from its store and recovers up to here. A position is not taken back: what an engine has read stays read. */
void log_until_set(struct log *log, const struct log_position *positions, size_t count);
