#include "cli/command.h"
#include "cli/kafka.h"
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
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *partitions; /* `err` of one that stands at its end is PARTITION_EOF */
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

/* Whether every partition has been read to its end. */
static bool note_end(struct session *session, const rd_kafka_message_t *message)
{
    bool all = true;
    for (int i = 0; i < session->partitions->cnt; i++) {
        rd_kafka_topic_partition_t *partition = &session->partitions->elems[i];
        if (strcmp(partition->topic, rd_kafka_topic_name(message->rkt)) == 0
            && partition->partition == message->partition)
            partition->err = RD_KAFKA_RESP_ERR__PARTITION_EOF;
        all &= partition->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    }
    return all;
}

/* Whether there may be more. */
static bool take_message(struct session *session, const rd_kafka_message_t *message, int *code)
{
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        return !(note_end(session, message) && session->options.until_end);
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        command_complain(session->command, "Kafka: %s", rd_kafka_message_errstr(message));
        *code = EXIT_CODE_FAILED;
        return false;
    }
    print_record(session, message);
    return !ferror(stdout);
}

static int read_on(struct session *session)
{
    int code = EXIT_CODE_DONE;
    bool more = true;
    while (more && !must_stop) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(session->client, 0);
        if (message == NULL) {
            fflush(stdout); /* whoever watches sees what there is before the wait */
            message = rd_kafka_consumer_poll(session->client, POLL_MS);
        }
        if (message == NULL)
            continue;
        more = take_message(session, message, &code);
        rd_kafka_message_destroy(message);
    }
    return code;
}

/* ---- Opening ---- */

static bool add_topic(struct session *session, const struct rd_kafka_metadata *metadata, const char *name)
{
    const struct rd_kafka_metadata_topic *topic = kafka_find_topic(metadata, name);
    if (topic == NULL) {
        command_complain(session->command, "this Kafka has no topic %s", name);
        return false;
    }
    int64_t from = session->options.from_beginning ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    for (int i = 0; i < topic->partition_cnt; i++)
        rd_kafka_topic_partition_list_add(session->partitions, name, topic->partitions[i].id)->offset = from;
    return true;
}

static bool assign(struct session *session, char **topic_names)
{
    const struct rd_kafka_metadata *metadata = kafka_metadata(session->command, session->client);
    bool good = metadata != NULL;
    session->partitions = rd_kafka_topic_partition_list_new(16);
    for (char **name = topic_names; *name != NULL && good; name++)
        good = add_topic(session, metadata, *name);
    if (metadata != NULL)
        rd_kafka_metadata_destroy(metadata);
    return good && rd_kafka_assign(session->client, session->partitions) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_t *open_consumer(struct session *session)
{
    const struct kafka_setting settings[] = {
        { "group.id", "settledctl" }, /* needed, and never joined: partitions are assigned by hand */
        { "enable.auto.commit", "false" },
        { "enable.partition.eof", "true" },
        { "auto.offset.reset", "earliest" },
        { "fetch.wait.max.ms", "100" }, /* an end is told by an empty answer, which a broker holds back so long */
        { "isolation.level", session->options.uncommitted ? "read_uncommitted" : "read_committed" },
    };
    const struct kafka_place place = { session->command, &session->config, RD_KAFKA_CONSUMER };
    rd_kafka_conf_t *conf = kafka_conf_new(&place, settings, COUNT_OF(settings));
    rd_kafka_t *client = kafka_open(&place, conf);
    if (client != NULL)
        rd_kafka_poll_set_consumer(client);
    return client;
}

static int tail(struct session *session, char **topic_names)
{
    int code = EXIT_CODE_FAILED;
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    CHECK(config_arena != NULL);
    if (servers_load(session->command, &session->options.servers, config_arena, &session->config))
        session->client = open_consumer(session);
    if (session->client != NULL && assign(session, topic_names))
        code = read_on(session);
    if (session->partitions != NULL)
        rd_kafka_topic_partition_list_destroy(session->partitions);
    if (session->client != NULL) {
        rd_kafka_consumer_close(session->client);
        rd_kafka_destroy(session->client);
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
