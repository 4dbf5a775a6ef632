#include "cli/loaded.h"

#include "cli/packs.h"
#include "policy/pack_load.h"

bool loaded_begin(
    const struct command *command, const struct servers_options *options, const char *packs, struct loaded *loaded)
{
    loaded->config_arena = arena_new(CONFIG_ARENA_BYTES);
    loaded->pack_arena = arena_new(PACK_ARENA_BYTES);
    CHECK(loaded->config_arena != NULL && loaded->pack_arena != NULL);
    bool good = servers_load(command, options, loaded->config_arena, &loaded->config)
        && packs_load(command, packs != NULL ? packs : loaded->config.packs, loaded->pack_arena, &loaded->packs);
    if (!good)
        loaded_end(loaded);
    return good;
}

void loaded_end(struct loaded *loaded)
{
    arena_free(loaded->pack_arena);
    arena_free(loaded->config_arena);
}

const struct policy_pack *loaded_pack(const struct loaded *loaded, const struct command *command, const char *region)
{
    const struct policy_pack *pack = policy_packs_find(&loaded->packs, text_of(region));
    if (pack == NULL)
        command_complain(command, "no policy pack for region %s", region);
    return pack;
}
