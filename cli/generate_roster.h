/** One part of a department's list: whole lists and changes, with a few rows as people get them wrong. */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "cli/generate_plan.h"

#include <jansson.h>

/** The RosterUpdate as JSON; the caller owns it (json_decref). ARENA_FULL, SYSTEM or OK. */
NODISCARD enum status generate_roster(
    const struct generate_options *options, const struct planned *part, struct arena *arena, json_t **ret_value);
