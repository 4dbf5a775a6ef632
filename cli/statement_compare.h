/** A hospital's statement against what the settlements say it is owed. Pure, but that it prints, in Chinese. */
#pragma once

#include "cli/statement_owed.h"
#include "cli/statement_sheet.h"

#include <stdio.h>

/** Prints a line for each difference, and one for the whole; the number of differences. `owed` was asked for the
 *  institution that `institution` names; empty: the statement's own column decides, and where it has none encounters
 *  are compared without, and what the statement does not list is not missed. Uses the arena. */
size_t statement_compare(struct arena *arena, const struct statement_sheet *sheet, const struct statement_owed *owed,
    struct text institution, FILE *stream);
