/** What a command loads before it begins: the processor's configuration and the policy packs. */
#pragma once

#include "cli/servers.h"
#include "policy/pack.h"

struct loaded {
    struct config config;
    struct policy_packs packs;
    struct arena *config_arena, *pack_arena; /* in which the two live */
};

/** Loads both, the packs from `packs` or, when that is NULL, from where the configuration and `packs_load` say. False
 *  after the problems were printed; else `loaded_end` when done. */
bool loaded_begin(
    const struct command *command, const struct servers_options *options, const char *packs, struct loaded *loaded);
void loaded_end(struct loaded *loaded);

/** The pack of a region; NULL after it was said that there is none. */
const struct policy_pack *loaded_pack(const struct loaded *loaded, const struct command *command, const char *region);
