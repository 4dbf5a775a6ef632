/** The commands of settledctl, each in a file of its own: what stands in the table, what comes back to the shell. */
#pragma once

#include "base/check.h"

#include <stdio.h>

/** What a command leaves with. */
enum exit_code {
    EXIT_CODE_DONE = 0,   /* rejections included: they are output */
    EXIT_CODE_FAILED = 1, /* a server, a pack, a file, the system */
    EXIT_CODE_INPUT = 2,  /* an unreadable line, or words that this command does not know */
};

/** A command is given its own name as argv[0], like a program. */
struct command {
    const char *name;
    const char *usage;   /* what follows the name */
    const char *summary; /* one line */
    const char *help;    /* its options, a line each, ended by a newline; may be empty */
    int (*run)(const struct command *self, int argc, char **argv);
};

/** Prints usage, summary and options. */
void command_help(const struct command *command, FILE *stream);
/** One line to standard error: `settledctl replay: …`. */
void command_complain(const struct command *command, const char *format, ...) PRINTF_LIKE(2, 3);
/** For words that are not understood: points to --help and returns EXIT_CODE_INPUT. getopt has said what it does not
 *  know. */
int command_misused(const struct command *command);

int command_policy(const struct command *self, int argc, char **argv);
int command_rebuild(const struct command *self, int argc, char **argv);
int command_replay(const struct command *self, int argc, char **argv);
int command_produce(const struct command *self, int argc, char **argv);
int command_topics(const struct command *self, int argc, char **argv);
int command_close(const struct command *self, int argc, char **argv);
int command_fund(const struct command *self, int argc, char **argv);
int command_show(const struct command *self, int argc, char **argv);
int command_tail(const struct command *self, int argc, char **argv);
int command_roster(const struct command *self, int argc, char **argv);
int command_list(const struct command *self, int argc, char **argv);
int command_verify(const struct command *self, int argc, char **argv);
int command_generate(const struct command *self, int argc, char **argv);
