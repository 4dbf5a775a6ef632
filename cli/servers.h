/** Which Kafka and Redis a command speaks to: the configuration of the processor, or defaults, the environment and two
 *  options. */
#pragma once

#include "cli/command.h"
#include "cli/config.h"

/** The options every such command shares, as getopt_long takes them, and their help. */
#define SERVERS_OPTIONS                                                                                                \
    { "config", required_argument, NULL, 'c' }, { "brokers", required_argument, NULL, 'b' },                           \
    {                                                                                                                  \
        "redis", required_argument, NULL, 'r'                                                                          \
    }
#define SERVERS_HELP                                                                                                   \
    "  --config FILE   the processor's configuration; else defaults and SETTLED_... variables\n"                       \
    "  --brokers LIST  Kafka, host:port; over the configuration\n"

struct servers_options {
    const char *config;
    const char *brokers;
    const char *redis;
};

/** Takes one of SERVERS_OPTIONS; false when `c` is another one. */
bool servers_option(int c, char *argument, struct servers_options *options);

/** Reads the configuration into the arena (CONFIG_ARENA_BYTES). False after the problems were printed. */
bool servers_load(const struct command *command, const struct servers_options *options, struct arena *arena,
    struct config *ret_config);
