#include "cli/servers.h"

#include <stdlib.h>

bool servers_option(int c, char *argument, struct servers_options *options)
{
    if (c == 'c')
        options->config = argument;
    else if (c == 'b')
        options->brokers = argument;
    else if (c == 'r')
        options->redis = argument;
    else
        return false;
    return true;
}

/* An option is the variable of the same meaning, so that it is read and refused by the same code. */
static bool override(const char *variable, const char *value)
{
    return value == NULL || setenv(variable, value, 1) == 0;
}

bool servers_load(const struct command *command, const struct servers_options *options, struct arena *arena,
    struct config *ret_config)
{
    struct pack_report *report = calloc(1, sizeof *report);
    CHECK(report != NULL);
    bool good = override("SETTLED_KAFKA_BROKERS", options->brokers) && override("SETTLED_REDIS_ADDRESS", options->redis)
        && config_load(options->config, arena, report, ret_config) == STATUS_OK;
    if (!good) {
        config_print_report(report);
        command_complain(command, "the configuration cannot be used");
    }
    free(report);
    return good;
}
