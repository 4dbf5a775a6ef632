/** What `settledctl roster push` is told beside the file: which list it is, and what to do with it. */
#pragma once

#include "cli/command.h"
#include "cli/roster_sheet.h"
#include "cli/servers.h"

#define ROSTER_OPTIONS_CONSTANTS_MAX 16
#define ROSTER_OPTIONS_HELP                                                                                            \
    "  --region R          6 digits\n"                                                                                 \
    "  --department NAME   who speaks; --source NAME: who sends it, else the department\n"                             \
    "  --kind K            HARDSHIP (also left out), UNIT, CONTRIBUTION, ENROLMENT, FAMILY or FUND\n"                  \
    "  --category C        of HARDSHIP and UNIT: SUBSISTENCE_ALLOWANCE, 低保对象 ...\n"                            \
    "  --mode FULL|DELTA   of HARDSHIP and UNIT; FULL revokes whoever is not in the file\n"                            \
    "  --stated-on DAY     the day the list is of: today; --delivered-on DAY: today\n"                                 \
    "  --note TEXT         why the two days differ; needed then\n"                                                     \
    "  --roster-id NAME    else made of the content: the same file sent twice is a repeat\n"                           \
    "  --set COLUMN=VALUE  for every row of a file without this column: year=2024, scheme=EMPLOYEE\n"                  \
    "  --dry-run           what would change and what money would move, from Redis; nothing is sent or written\n"      \
    "  --print             the records as JSON lines, for replay and produce; nothing is sent\n"                       \
    "  --wait SECONDS      for the receipt: 60; --yes: do not ask\n"                                                   \
    "  --packs DIR, --words FILE, --redis ADDR   for --dry-run; spellings of columns and words; for --dry-run\n"       \
    "A row that cannot be read (no identity number, 1.4E+17, 15 digits, no date) stops the list: every such row is\n"  \
    "told, nothing is sent, exit 2. Rows that the processor refuses come back on the receipt; the others are taken.\n"

struct roster_options {
    struct servers_options servers;
    const char *packs, *words, *file;
    struct roster_header header; /* all but roster_id (when it was not given) and parts */
    struct roster_constant constants[ROSTER_OPTIONS_CONSTANTS_MAX];
    size_t constant_count;
    int wait_s;
    bool dry_run, print, yes;
};

/** Reads the words behind `push`. False after it was said what is wrong. `now` gives the days that are left out. */
bool roster_options_read(
    const struct command *command, int argc, char **argv, day today, struct roster_options *ret_options);
