#include "cli/packs.h"

#include "cli/beside.h"
#include "policy/pack_load.h"

#include <stdlib.h>

static void print_report(const struct command *command, const struct pack_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        fprintf(stderr, "%s\n", report->problems[i]);
    if (report->dropped != 0)
        fprintf(stderr, "and %zu more\n", report->dropped);
    command_complain(command, "the policy packs cannot be used");
}

bool packs_load(const struct command *command, const char *folder, struct arena *arena, struct policy_packs *ret_packs)
{
    static const char *const places[] = { "../share/settled/packs", "../../../policy/packs", NULL };
    char found[BESIDE_PATH_SIZE];
    if (folder == NULL)
        folder = getenv("SETTLED_PACKS");
    if (folder == NULL && beside_program(places, found))
        folder = found;
    if (folder == NULL) {
        command_complain(command, "no policy packs beside this program; give --packs DIR or set SETTLED_PACKS");
        return false;
    }
    struct pack_report *report = calloc(1, sizeof *report);
    CHECK(report != NULL);
    enum status status = policy_packs_load(folder, arena, report, ret_packs);
    if (status != STATUS_OK)
        print_report(command, report);
    free(report);
    return status == STATUS_OK;
}
