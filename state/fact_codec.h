/** A fact's bytes in a state: canonical, so that equal facts have equal bytes. One table of fields serves both ways.
 *  Pure. */
#pragma once

#include "state/bytes.h"
#include "state/fact.h"

/** Sets `fact->stored` to its bytes, in the arena; ARENA_FULL or OK. */
NODISCARD enum status fact_encode(struct arena *arena, struct fact *fact);

/** Reads a fact back; its texts are lent from `bytes`, `ret_fact->stored` is `bytes`. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status fact_decode(struct arena *arena, struct text bytes, struct fact *ret_fact);
