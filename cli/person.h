/** What is stored of one person, as JSON: facts, what they come to under today's packs, and whether that is what was
 *  emitted. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "policy/pack.h"
#include "state/store.h"

#include <jansson.h>

/** Enough for a person at the limit of facts. */
#define PERSON_ARENA_BYTES ((size_t)1 << 30)

struct person_query {
    struct store *store;
    const uint8_t *secret; /* 16 bytes: of the keyed hash under which persons are stored */
    const struct policy_pack *pack;
    struct text region;
    struct text person_id;
    day today;
};

/** AGAIN: nobody has heard of this person. STORE_UNREACHABLE, BAD_STATE, INVARIANT_BROKEN, ARENA_FULL with `fault`. The
 *  caller owns the JSON (json_decref). */
NODISCARD enum status person_show(
    const struct person_query *query, struct arena *arena, json_t **ret_json, struct fault *fault);
