#include "cli/packs.h"

#include "policy/pack_load.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to the folder of the program: as installed, and in the build folder of a preset. */
static const char *const places[] = { "../share/settled/packs", "../../../policy/packs" };

static bool find_beside_program(char *path, size_t size)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return false;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    *slash = '\0';
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        int written = snprintf(path, size, "%s/%s", program, places[i]);
        if (written > 0 && (size_t)written < size && access(path, R_OK) == 0)
            return true;
    }
    return false;
}

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
    char found[2 * PATH_MAX];
    if (folder == NULL)
        folder = getenv("SETTLED_PACKS");
    if (folder == NULL && find_beside_program(found, sizeof found))
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
