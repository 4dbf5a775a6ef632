/** A planned record as the JSON line that `replay` and `produce` read. What must be refused has an event id that
 *  begins with `bad-`,
 *  or is raw bytes with such a key. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "cli/generate_plan.h"

#include <jansson.h>

/** The caller owns it (json_decref). ARENA_FULL, SYSTEM or OK. */
NODISCARD enum status generate_record(
    const struct generate_options *options, const struct planned *planned, struct arena *arena, json_t **ret_json);
