#include "cli/command.h"
#include "cli/config_store.h"
#include "cli/servers.h"
#include "cli/verify_persons.h"

#include <getopt.h>

#define BOOK_BYTES ((size_t)4 << 30)

/** What a reconciliation leaves with; what could not be compared is no difference. */
enum { AGREES = 0, DIFFERS = 1, COULD_NOT_RUN = 2 };

struct session {
    const struct command *command;
    struct servers_options servers;
    struct config config;
    struct arena *arena;
    struct verify_book book;
    struct verify_total total;
};

static struct kafka_reader *open_topic(const struct session *session)
{
    static const char *const names[] = { "settlement", NULL };
    const struct kafka_reading reading = {
        .command = session->command, .config = &session->config, .topics = names, .from_beginning = true
    };
    return kafka_reader_new(&reading);
}

static bool compare(struct session *session, struct kafka_reader *topic)
{
    char name[CONFIG_STORE_NAME_SIZE];
    struct verify_offsets offsets;
    struct store *store = config_store_new(&session->config, "person", name);
    CHECK(store != NULL);
    const struct verify_request request = { .command = session->command,
        .store = store,
        .topic = topic,
        .offsets = &offsets,
        .secret = session->config.secret,
        .stream = stdout };
    verify_book_begin(&session->book, session->arena, session->config.secret);
    bool good = verify_offsets_open(&offsets, session->command, &session->config)
        && verify_persons(&request, &session->book, &session->total);
    verify_offsets_done(&offsets);
    verify_book_done(&session->book);
    store->ops->free(store);
    return good;
}

static int verify(struct session *session)
{
    struct kafka_reader *topic = open_topic(session);
    bool good = topic != NULL && kafka_reader_has_beginning(topic) && compare(session, topic);
    kafka_reader_free(topic);
    if (!good)
        return COULD_NOT_RUN;
    verify_report_total(&session->total, stdout);
    return session->total.differences == 0 ? AGREES : DIFFERS;
}

int command_verify(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = { SERVERS_OPTIONS, { NULL, 0, NULL, 0 } };
    struct session session = { .command = self };
    int code = COULD_NOT_RUN;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!servers_option(c, optarg, &session.servers))
            return command_misused(self);
    if (optind != argc)
        return command_misused(self);
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    session.arena = arena_new(BOOK_BYTES);
    CHECK(config_arena != NULL && session.arena != NULL);
    if (servers_load(self, &session.servers, config_arena, &session.config))
        code = verify(&session);
    arena_free(session.arena);
    arena_free(config_arena);
    return code;
}
