#include "cli/command.h"
#include "cli/kafka_reader.h"
#include "cli/line.h"
#include "cli/reading.h"
#include "cli/servers.h"

#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define POLL_MS 100

struct options {
    struct servers_options servers;
    bool from_beginning;
    bool until_end;
    bool as_text;
    bool uncommitted;
    bool headers;
};

struct session {
    const struct command *command;
    struct options options;
    struct config config;
};

static volatile sig_atomic_t must_stop;

static void on_signal(int number)
{
    (void)number;
    must_stop = 1;
}

/* ---- A record ---- */

static json_t *text_of_bytes(const void *bytes, size_t length)
{
    char *text = malloc(sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL));
    CHECK(text != NULL);
    sodium_bin2base64(text, sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL), bytes, length,
        sodium_base64_VARIANT_ORIGINAL);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *timestamp_of(const rd_kafka_message_t *message)
{
    char text[INSTANT_TEXT_SIZE];
    int64_t ms = rd_kafka_message_timestamp(message, NULL);
    if (ms < 0)
        return NULL;
    return json_string(instant_format((instant){ ms / 1000, (int32_t)(ms % 1000) * 1000000 }, text));
}

/* By its topic's message; a value that is none, or of another topic, as it came. */
static void add_value(const rd_kafka_message_t *message, json_t *line)
{
    struct fault fault;
    json_t *value;
    const struct topic *topic = topic_find(text_of(rd_kafka_topic_name(message->rkt)));
    struct text bytes = { message->payload, message->len };
    if (message->payload == NULL)
        return;
    if (topic != NULL && line_value(topic, bytes, &value, &fault) == STATUS_OK)
        json_object_set_new(line, "value", value);
    else
        json_object_set_new(line, "raw", text_of_bytes(bytes.at, bytes.length));
}

static void add_headers(const rd_kafka_message_t *message, json_t *line)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t length;
    json_t *json = json_object();
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
        for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &length) == RD_KAFKA_RESP_ERR_NO_ERROR;
             i++)
            json_object_set_new(json, name, json_stringn(value == NULL ? "" : value, length));
    json_object_set_new(line, "headers", json);
}

static void print_json(const struct session *session, const rd_kafka_message_t *message)
{
    json_t *line = json_object(), *timestamp = timestamp_of(message);
    json_object_set_new(line, "topic", json_string(rd_kafka_topic_name(message->rkt)));
    json_object_set_new(line, "partition", json_integer(message->partition));
    json_object_set_new(line, "offset", json_integer(message->offset));
    if (timestamp != NULL)
        json_object_set_new(line, "timestamp", timestamp);
    /* A key that is no text is not set: jansson refuses it. */
    if (message->key != NULL)
        json_object_set_new(line, "key", json_stringn(message->key, message->key_len));
    if (session->options.headers)
        add_headers(message, line);
    add_value(message, line);
    json_dumpf(line, stdout, 0);
    putchar('\n');
    json_decref(line);
}

static void print_record(const struct session *session, const rd_kafka_message_t *message)
{
    const struct topic *topic = topic_find(text_of(rd_kafka_topic_name(message->rkt)));
    struct text value = { message->payload, message->len };
    if (!session->options.as_text || topic == NULL || !reading_print(topic, value, stdout))
        print_json(session, message);
}

/* ---- Reading ---- */

static int read_on(const struct session *session, struct kafka_reader *reader)
{
    enum kafka_read read = KAFKA_READ_NOTHING;
    while (!must_stop && !ferror(stdout)) {
        rd_kafka_message_t *message;
        if (read == KAFKA_READ_NOTHING)
            fflush(stdout); /* whoever watches sees what there is before the wait */
        read = kafka_reader_next(reader, read == KAFKA_READ_NOTHING ? POLL_MS : 0, &message);
        if (read == KAFKA_READ_FAILED)
            return EXIT_CODE_FAILED;
        if (read == KAFKA_READ_END && session->options.until_end)
            break;
        if (read != KAFKA_READ_RECORD)
            continue;
        print_record(session, message);
        rd_kafka_message_destroy(message);
    }
    return EXIT_CODE_DONE;
}

static int tail(struct session *session, char **topic_names)
{
    int code = EXIT_CODE_FAILED;
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    CHECK(config_arena != NULL);
    if (servers_load(session->command, &session->options.servers, config_arena, &session->config)) {
        const struct kafka_reading reading = { .command = session->command,
            .config = &session->config,
            .topics = (const char *const *)topic_names,
            .from_beginning = session->options.from_beginning,
            .uncommitted = session->options.uncommitted };
        struct kafka_reader *reader = kafka_reader_new(&reading);
        if (reader != NULL)
            code = read_on(session, reader);
        kafka_reader_free(reader);
    }
    arena_free(config_arena);
    return code;
}

/* ---- The command ---- */

static bool take_option(int c, struct options *options)
{
    if (c == 'B')
        options->from_beginning = true;
    else if (c == 'E')
        options->until_end = true;
    else if (c == 'U')
        options->uncommitted = true;
    else if (c == 'H')
        options->headers = true;
    else if (c == 'a' && (strcmp(optarg, "text") == 0 || strcmp(optarg, "json") == 0))
        options->as_text = optarg[0] == 't';
    else
        return servers_option(c, optarg, &options->servers);
    return true;
}

int command_tail(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "from-beginning", no_argument, NULL, 'B' },
        { "until-end", no_argument, NULL, 'E' },
        { "read-uncommitted", no_argument, NULL, 'U' },
        { "headers", no_argument, NULL, 'H' },
        { "as", required_argument, NULL, 'a' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session.options))
            return command_misused(self);
    if (optind >= argc)
        return command_misused(self);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    return tail(&session, argv + optind);
}
