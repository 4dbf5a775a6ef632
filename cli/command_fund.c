/* settledctl fund show: a region's funds, out of Redis. */
#include "cli/command.h"
#include "cli/config_store.h"
#include "cli/fund_show.h"
#include "cli/loaded.h"
#include "cli/servers.h"
#include "consumers/stage_fund.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define LEDGER_ARENA_BYTES ((size_t)64 << 20)

struct options {
    struct servers_options servers;
    const char *packs, *region;
    int year; /* 0: all */
    bool as_json;
};

struct session {
    const struct command *command;
    struct options options;
    struct loaded loaded;
    struct arena *arena;
};

static void print(const struct session *session, const struct fund_view *view)
{
    if (!session->options.as_json) {
        fund_show_print(view, stdout);
        return;
    }
    json_t *json = fund_show_json(view);
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
}

static int show(const struct session *session, const struct policy_pack *pack)
{
    char name[CONFIG_STORE_NAME_SIZE];
    struct fault fault = { .status = STATUS_OK };
    struct fund_ledger ledger;
    struct store *store = config_store_new(&session->loaded.config, "fund", name);
    CHECK(store != NULL);
    const struct stage_fund_query query = { store, session->loaded.config.secret, text_of(session->options.region) };
    enum status status = stage_fund_load(&query, session->arena, &ledger, &fault);
    if (status == STATUS_OK) {
        const struct fund_view view = { &ledger, pack, session->options.year };
        print(session, &view);
    } else if (status == STATUS_AGAIN)
        command_complain(session->command, "nothing is booked yet of the funds of %s", session->options.region);
    else
        command_complain(session->command, "%s: %s", fault.field, fault.text);
    store->ops->free(store);
    return status == STATUS_OK ? EXIT_CODE_DONE : EXIT_CODE_FAILED;
}

static int find_and_show(struct session *session)
{
    const struct policy_pack *pack = loaded_pack(&session->loaded, session->command, session->options.region);
    return pack != NULL ? show(session, pack) : EXIT_CODE_FAILED;
}

static int open_and_show(struct session *session)
{
    if (!loaded_begin(session->command, &session->options.servers, session->options.packs, &session->loaded))
        return EXIT_CODE_FAILED;
    session->arena = arena_new(LEDGER_ARENA_BYTES);
    CHECK(session->arena != NULL);
    int code = find_and_show(session);
    arena_free(session->arena);
    loaded_end(&session->loaded);
    return code;
}

static bool read_year(const char *text, int *ret_year)
{
    char *end;
    long year = strtol(text, &end, 10);
    if (strlen(text) != 4 || *end != '\0' || year < 1)
        return false;
    *ret_year = (int)year;
    return true;
}

static bool take_option(int c, struct options *options)
{
    if (c == 'P')
        options->packs = optarg;
    else if (c == 'R')
        options->region = optarg;
    else if (c == 'Y')
        return read_year(optarg, &options->year);
    else if (c == 'J')
        options->as_json = true;
    else
        return servers_option(c, optarg, &options->servers);
    return true;
}

int command_fund(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "packs", required_argument, NULL, 'P' },
        { "region", required_argument, NULL, 'R' },
        { "year", required_argument, NULL, 'Y' },
        { "json", no_argument, NULL, 'J' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session.options))
            return command_misused(self);
    if (optind + 1 != argc || strcmp(argv[optind], "show") != 0 || session.options.region == NULL)
        return command_misused(self);
    return open_and_show(&session);
}
