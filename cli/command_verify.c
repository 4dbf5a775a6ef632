#include "cli/command.h"
#include "cli/config_store.h"
#include "cli/month.h"
#include "cli/servers.h"
#include "cli/verify_funds.h"
#include "cli/verify_persons.h"
#include "cli/verify_statement.h"

#include <getopt.h>

#define BOOK_BYTES ((size_t)4 << 30)

/** What a reconciliation leaves with; what could not be compared is no difference. */
enum { AGREES = 0, DIFFERS = 1, COULD_NOT_RUN = 2 };

struct session {
    const struct command *command;
    struct servers_options servers;
    const char *statement, *region, *institution, *month; /* of a hospital; NULL: it is not about one */
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

static int verify(struct session *session, struct kafka_reader *topic)
{
    const struct verify_funds_request funds = { session->command, &session->config, stdout };
    if (!compare(session, topic) || !verify_funds(&funds, &session->total))
        return COULD_NOT_RUN;
    verify_report_total(&session->total, stdout);
    return session->total.differences == 0 ? AGREES : DIFFERS;
}

static int compare_statement(const struct session *session, struct kafka_reader *topic)
{
    size_t differences;
    const struct verify_statement_request request = { .command = session->command,
        .file = session->statement,
        .region = session->region,
        .institution = session->institution,
        .month = session->month,
        .topic = topic };
    if (!verify_statement(&request, &differences))
        return COULD_NOT_RUN;
    return differences == 0 ? AGREES : DIFFERS;
}

static int open_and_run(struct session *session)
{
    int code = COULD_NOT_RUN;
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    session->arena = arena_new(BOOK_BYTES);
    CHECK(config_arena != NULL && session->arena != NULL);
    if (servers_load(session->command, &session->servers, config_arena, &session->config)) {
        struct kafka_reader *topic = open_topic(session);
        if (topic != NULL && kafka_reader_has_beginning(topic))
            code = session->statement == NULL ? verify(session, topic) : compare_statement(session, topic);
        kafka_reader_free(topic);
    }
    arena_free(session->arena);
    arena_free(config_arena);
    return code;
}

static bool take_option(int c, struct session *session)
{
    if (c == 'S')
        session->statement = optarg;
    else if (c == 'R')
        session->region = optarg;
    else if (c == 'I')
        session->institution = optarg;
    else if (c == 'M')
        session->month = optarg;
    else
        return servers_option(c, optarg, &session->servers);
    return true;
}

int command_verify(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "statement", required_argument, NULL, 'S' },
        { "region", required_argument, NULL, 'R' },
        { "institution", required_argument, NULL, 'I' },
        { "month", required_argument, NULL, 'M' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session))
            return command_misused(self);
    bool is_of_hospital = session.region != NULL || session.institution != NULL || session.month != NULL;
    if (optind != argc || (session.statement == NULL && is_of_hospital))
        return command_misused(self);
    if (session.month != NULL && !month_is_written(session.month)) {
        command_complain(self, "--month is written as 2023-05");
        return EXIT_CODE_INPUT;
    }
    return open_and_run(&session);
}
