/** A store over another one that is only ever read: what is written stays in this process. For trying out what would
 *  happen, on what Redis holds.
 *
 *  It shows one partition, 0, in which everything lies that the store below has in any of its partitions: a key is in
 *  one of them, or the same in all (a region's calendar). What it has is looked up at the time of reading, so that a
 *  processor that goes on working may be seen half way. It keeps offsets of its own, which begin empty. */
#pragma once

#include "state/store.h"

/** Looks which of the partitions 0..1023 of `base` were ever written; takes `base` over, and frees it also when it
 *  fails. STORE_UNREACHABLE, ARENA_FULL with `fault`. The caller owns it. Its `scan` is refused (SYSTEM): it would have
 *  to tell what lies below from what was written here, and nobody needs that. */
NODISCARD enum status store_overlay_new(struct store *base, struct store **ret_store, struct fault *fault);
