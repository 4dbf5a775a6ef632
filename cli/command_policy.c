#include "cli/packs.h"
#include "policy/pack_load.h"
#include "policy/pack_show.h"

#include <stdlib.h>
#include <string.h>

/* ---- check ---- */

static void print_summary(const struct policy_pack *pack)
{
    printf("%s %s: %zu rules, version %s%s\n", pack->region, pack->name, pack->rule_count, pack->version,
        pack->sample ? ", with sample figures" : "");
}

static int check(const struct command *self, const char *folder, struct arena *arena)
{
    struct policy_packs packs;
    if (!packs_load(self, folder, arena, &packs))
        return EXIT_CODE_FAILED;
    for (size_t i = 0; i < packs.count; i++)
        print_summary(packs.items[i]);
    return EXIT_CODE_DONE;
}

/* ---- explain ---- */

static const struct policy_rule *find_rule(const struct policy_pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (strcmp(pack->rules[i].id, id) == 0)
            return &pack->rules[i];
    return NULL;
}

static void list_rules(const struct policy_packs *packs)
{
    for (size_t i = 0; i < packs->count; i++)
        for (size_t rule = 0; rule < packs->items[i]->rule_count; rule++)
            fprintf(stderr, "  %-28s %s %s\n", packs->items[i]->rules[rule].id, packs->items[i]->rules[rule].article,
                packs->items[i]->rules[rule].title);
}

static int explain(const struct command *self, const char *id, const char *folder, struct arena *arena)
{
    struct policy_packs packs;
    if (!packs_load(self, folder, arena, &packs))
        return EXIT_CODE_FAILED;
    for (size_t i = 0; i < packs.count; i++) {
        const struct policy_rule *rule = find_rule(packs.items[i], id);
        if (rule == NULL)
            continue;
        policy_pack_show(packs.items[i], rule, stdout);
        return EXIT_CODE_DONE;
    }
    command_complain(self, "no rule `%s`; there are:", id);
    list_rules(&packs);
    return EXIT_CODE_INPUT;
}

/* policy check [DIR] | policy explain RULE [--packs DIR] */
int command_policy(const struct command *self, int argc, char **argv)
{
    bool checks = argc >= 2 && argc <= 3 && strcmp(argv[1], "check") == 0;
    bool explains = (argc == 3 || (argc == 5 && strcmp(argv[3], "--packs") == 0)) && strcmp(argv[1], "explain") == 0;
    if (!checks && !explains)
        return command_misused(self);
    struct arena *arena = arena_new(PACK_ARENA_BYTES);
    CHECK(arena != NULL);
    int code = checks ? check(self, argc == 3 ? argv[2] : NULL, arena)
                      : explain(self, argv[2], argc == 5 ? argv[4] : NULL, arena);
    arena_free(arena);
    return code;
}
