/** Topic `roster-update`: a part of a department's list, from bytes to rows that are read but not yet judged.
 *
 *  What is wrong with the message is refused here, as a whole; what is wrong with a list or a row is found when the
 *  list takes effect (state/roster_shard.h), and goes into its receipt. */
#pragma once

#include "consumers/message.h"
#include "state/roster_list.h"

#define ROSTER_TOPIC "roster-update"

/** Everything lives in the arena. In this order: what wire_unpack says, MISSING_FIELD, UNKNOWN_REGION, UNKNOWN_ENUM,
 *  BAD_DATE, BAD_VALUE; or ARENA_FULL, or OK. */
NODISCARD enum status consumer_roster_update_decode(const struct consumer_context *context, struct arena *arena,
    struct text value, struct roster_part *ret_part, struct fault *fault);

/** The key that records of this list must have: `region|department|kind|category`, the last empty where no category
 *  belongs. NUL-terminated, in the arena. ARENA_FULL or OK. */
NODISCARD enum status consumer_roster_key(
    struct arena *arena, const struct roster_header *header, struct text *ret_key);
