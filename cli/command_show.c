#include "cli/command.h"
#include "cli/config_store.h"
#include "cli/loaded.h"
#include "cli/person.h"
#include "cli/servers.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
    struct servers_options servers;
    const char *packs;
    const char *region;
    const char *person;
};

struct session {
    const struct command *command;
    struct options options;
    struct loaded loaded;
    struct arena *arena;
};

static int print_person(const struct session *session, const struct person_query *query)
{
    json_t *json;
    struct fault fault = { .status = STATUS_OK };
    enum status status = person_show(query, session->arena, &json, &fault);
    if (status == STATUS_AGAIN) {
        command_complain(session->command, "nothing is known of this person in %s", session->options.region);
        return EXIT_CODE_FAILED;
    }
    if (status != STATUS_OK) {
        command_complain(session->command, "%s: %s", fault.field, fault.text);
        return EXIT_CODE_FAILED;
    }
    json_dumpf(json, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(json);
    return EXIT_CODE_DONE;
}

static int show(const struct session *session)
{
    char name[CONFIG_STORE_NAME_SIZE];
    struct timespec now;
    const struct policy_pack *pack = loaded_pack(&session->loaded, session->command, session->options.region);
    if (pack == NULL)
        return EXIT_CODE_FAILED;
    struct store *store = config_store_new(&session->loaded.config, "person", name);
    CHECK(store != NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    const struct person_query query = { .store = store,
        .secret = session->loaded.config.secret,
        .pack = pack,
        .region = text_of(session->options.region),
        .person_id = text_of(session->options.person),
        .today = instant_day((instant){ now.tv_sec, 0 }) };
    int code = print_person(session, &query);
    store->ops->free(store);
    return code;
}

static int open_and_show(struct session *session)
{
    if (!loaded_begin(session->command, &session->options.servers, session->options.packs, &session->loaded))
        return EXIT_CODE_FAILED;
    session->arena = arena_new(PERSON_ARENA_BYTES);
    CHECK(session->arena != NULL);
    int code = show(session);
    arena_free(session->arena);
    loaded_end(&session->loaded);
    return code;
}

static bool take_option(int c, struct options *options)
{
    if (c == 'P')
        options->packs = optarg;
    else if (c == 'R')
        options->region = optarg;
    else if (c == 'I')
        options->person = optarg;
    else if (c == 'K')
        return setenv("SETTLED_STATE_KEY_FILE", optarg, 1) == 0;
    else if (c == 'S')
        return setenv("SETTLED_STATE_SEAL_FILE", optarg, 1) == 0;
    else
        return servers_option(c, optarg, &options->servers);
    return true;
}

int command_show(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "packs", required_argument, NULL, 'P' },
        { "region", required_argument, NULL, 'R' },
        { "person", required_argument, NULL, 'I' },
        { "key-file", required_argument, NULL, 'K' },
        { "seal-file", required_argument, NULL, 'S' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session.options))
            return command_misused(self);
    const struct options *options = &session.options;
    if (optind + 1 != argc || strcmp(argv[optind], "person") != 0 || options->region == NULL || options->person == NULL)
        return command_misused(self);
    if (strlen(options->region) != 6 || strlen(options->person) != 18) {
        command_complain(self, "a region has 6 digits and an identity number 18 characters");
        return EXIT_CODE_INPUT;
    }
    return open_and_show(&session);
}
