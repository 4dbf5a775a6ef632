#include "cli/command.h"
#include "cli/kafka_reader.h"
#include "cli/line.h"
#include "cli/list_payments.h"
#include "cli/list_rows.h"
#include "cli/list_warnings.h"
#include "cli/month.h"
#include "cli/servers.h"
#include "policy/term.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/** Without a word from Kafka for so long, its topic's end is not waited for any more. */
#define PATIENCE_MS 30000

struct session {
    const struct command *command;
    struct servers_options servers;
    const char *month, *region, *department_name, *out;
    int department;
    struct config config;
    struct arena *arena;
};

/* Which list: what is read, and what becomes of it. */
struct list_kind {
    const char *name;
    const char *topic;
    int (*run)(struct session *session, struct kafka_reader *reader);
};

/* ---- Reading ---- */

/* What is no message of the topic is none of ours. */
static ProtobufCMessage *unpack(const rd_kafka_message_t *message)
{
    struct fault fault;
    ProtobufCMessage *unpacked = NULL;
    struct text value = { message->payload, message->len };
    const struct topic *topic = topic_find(text_of(rd_kafka_topic_name(message->rkt)));
    if (message->payload == NULL || line_unpack(topic, value, &unpacked, &fault) != STATUS_OK)
        return NULL;
    return unpacked;
}

static void take_warning(void *list, const rd_kafka_message_t *message)
{
    ProtobufCMessage *unpacked = unpack(message);
    if (unpacked == NULL)
        return;
    list_warnings_take(list, (const Settled__V1__Warning *)unpacked);
    protobuf_c_message_free_unpacked(unpacked, NULL);
}

static void take_payment(void *list, const rd_kafka_message_t *message)
{
    ProtobufCMessage *unpacked = unpack(message);
    if (unpacked == NULL)
        return;
    list_payments_take(list, (const Settled__V1__PaymentRequest *)unpacked);
    protobuf_c_message_free_unpacked(unpacked, NULL);
}

/* ---- Writing ---- */

static struct table *open_table(const struct session *session, const struct table_column *columns, size_t count)
{
    struct table *table = NULL;
    struct fault fault;
    const struct table_form form = {
        .path = session->out, .title = session->month, .columns = columns, .count = count
    };
    if (table_new(&form, &table, &fault) != STATUS_OK)
        command_complain(session->command, "%s: %s", session->out, fault.text);
    return table;
}

static int end_table(const struct session *session, struct table *table, enum status written, size_t count)
{
    struct fault fault;
    if (written != STATUS_OK) {
        table_discard(table);
        command_complain(session->command, "%s: %s", session->out,
            written == STATUS_TOO_LARGE ? "more rows than a sheet can have; write a .csv" : status_sentence(written));
        return EXIT_CODE_FAILED;
    }
    if (table_finish(table, &fault) != STATUS_OK) {
        command_complain(session->command, "%s: %s", session->out, fault.text);
        return EXIT_CODE_FAILED;
    }
    printf("%s：%zu行\n", session->out, count);
    return EXIT_CODE_DONE;
}

/* ---- The lists ---- */

/* A list that is not whole is not written: an office would take it for all there is. */
static int run_warnings(struct session *session, struct kafka_reader *reader)
{
    size_t count = 0;
    const struct list_warnings_wanted wanted = { session->month, session->region, session->department };
    struct list_warnings *list = list_warnings_new(session->arena, &wanted);
    int32_t partitions = kafka_reader_partitions(reader, "period-close");
    if (partitions == 0 || !kafka_reader_drain(reader, PATIENCE_MS, take_warning, list))
        return EXIT_CODE_FAILED;
    if (!list_warnings_is_whole(list, partitions, stderr)) {
        command_complain(session->command, "没有写出%s", session->out);
        return EXIT_CODE_FAILED;
    }
    struct table *table = open_table(session, list_warnings_columns, list_warnings_column_count);
    if (table == NULL)
        return EXIT_CODE_FAILED;
    enum status status = list_warnings_write(list, table, &count);
    return end_table(session, table, status, count);
}

static int run_payments(struct session *session, struct kafka_reader *reader)
{
    size_t count = 0;
    const struct list_payments_wanted wanted = { session->month, session->region };
    struct list_payments *list = list_payments_new(session->arena, &wanted);
    if (!kafka_reader_drain(reader, PATIENCE_MS, take_payment, list))
        return EXIT_CODE_FAILED;
    struct table *table = open_table(session, list_payments_columns, list_payments_column_count);
    if (table == NULL)
        return EXIT_CODE_FAILED;
    enum status status = list_payments_write(list, table, &count);
    if (status == STATUS_OK && count == 0)
        command_complain(session->command, "%s没有付款请求：该月还没有月结，或没有支出", session->month);
    return end_table(session, table, status, count);
}

static const struct list_kind kinds[] = {
    { "warnings", "warning", run_warnings },
    { "payments", "payment-request", run_payments },
};

static int read_and_write(struct session *session, const struct list_kind *kind)
{
    int code = EXIT_CODE_FAILED;
    const char *const names[] = { kind->topic, NULL };
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    CHECK(config_arena != NULL);
    if (servers_load(session->command, &session->servers, config_arena, &session->config)) {
        const struct kafka_reading reading = {
            .command = session->command, .config = &session->config, .topics = names, .from_beginning = true
        };
        struct kafka_reader *reader = kafka_reader_new(&reading);
        if (reader != NULL)
            code = kind->run(session, reader);
        kafka_reader_free(reader);
    }
    arena_free(config_arena);
    return code;
}

/* ---- The command ---- */

static const struct list_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static bool take_option(int c, struct session *session)
{
    if (c == 'M')
        session->month = optarg;
    else if (c == 'R')
        session->region = optarg;
    else if (c == 'o')
        session->out = optarg;
    else if (c == 'D')
        session->department_name = optarg;
    else
        return servers_option(c, optarg, &session->servers);
    return true;
}

static const char *departments_known(char *buffer, size_t size)
{
    size_t length = (size_t)snprintf(buffer, size, "--department is one of");
    for (int value = 1; value <= term_last(TERM_DEPARTMENT) && length < size; value++)
        length += (size_t)snprintf(buffer + length, size - length, " %s", term_name(TERM_DEPARTMENT, value));
    return buffer;
}

static bool check_options(struct session *session)
{
    const char *why = NULL;
    char departments[128];
    if (session->department_name != NULL)
        session->department = term_parse(TERM_DEPARTMENT, text_of(session->department_name));
    if (!month_is_written(session->month))
        why = "--month is written as 2023-05";
    else if (session->region != NULL && strlen(session->region) != 6)
        why = "a region has 6 digits";
    else if (!table_takes(session->out))
        why = "--out ends in .xlsx or .csv";
    else if (session->department_name != NULL && session->department == 0)
        why = departments_known(departments, sizeof departments);
    if (why != NULL)
        command_complain(session->command, "%s", why);
    return why == NULL;
}

int command_list(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "month", required_argument, NULL, 'M' },
        { "region", required_argument, NULL, 'R' },
        { "department", required_argument, NULL, 'D' },
        { "out", required_argument, NULL, 'o' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session))
            return command_misused(self);
    const struct list_kind *kind = optind + 1 == argc ? find_kind(argv[optind]) : NULL;
    if (kind == NULL || session.month == NULL || session.out == NULL)
        return command_misused(self);
    if (!check_options(&session))
        return EXIT_CODE_INPUT;
    umask(S_IRWXG | S_IRWXO); /* what is written is about the health of persons */
    session.arena = arena_new(LIST_ARENA_BYTES);
    CHECK(session.arena != NULL);
    int code = read_and_write(&session, kind);
    arena_free(session.arena);
    return code;
}
