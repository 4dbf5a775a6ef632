/** What a list would do, without doing it: the real stages run over what Redis holds, and everything they write stays
 *  in this process. */
#pragma once

#include "cli/command.h"
#include "cli/roster_outgoing.h"
#include "cli/servers.h"

struct roster_preview_request {
    const struct command *command;
    const struct servers_options *servers;
    const char *packs; /* NULL: those of the configuration, or beside this program */
};

/** Prints the receipt there would be, each settlement whose money would move and by how much, and the sums by fund.
 *  EXIT_CODE_DONE: the list would be taken; EXIT_CODE_FAILED: refused whole, or it could not be tried. */
int roster_preview(
    const struct roster_preview_request *request, struct arena *arena, const struct roster_outgoing *list);
