/** Where the policy packs are, and loading them. */
#pragma once

#include "base/arena.h"
#include "cli/command.h"
#include "policy/pack.h"

#include <stdbool.h>

/** Loads the packs of `folder` (NULL: $SETTLED_PACKS, else those of the source tree or of the installation this program
 *  runs from) into the arena. False after the problems were printed. */
bool packs_load(const struct command *command, const char *folder, struct arena *arena, struct policy_packs *ret_packs);
