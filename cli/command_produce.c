#include "cli/command.h"
#include "cli/input.h"
#include "cli/kafka.h"
#include "cli/line.h"
#include "cli/servers.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#define LINE_ARENA_BYTES ((size_t)128 << 20)
#define FULL_QUEUE_WAIT_MS 50
#define FLUSH_STEP_MS 500

static const struct kafka_setting settings[] = {
    { "enable.idempotence", "true" },
    { "partitioner", "murmur2_random" }, /* as Java clients do: one person, one partition, whoever writes */
    { "compression.codec", "lz4" }, { "linger.ms", "5" }, { "queue.buffering.max.messages", "100000" },
    { "message.timeout.ms", "60000" },
    { "topic.metadata.propagation.max.ms", "5000" }, /* a topic that is not there is said after this */
};

struct session {
    const struct command *command;
    rd_kafka_t *client;
    struct arena *arena;
    size_t acknowledged, failed;
    char failure[256]; /* the first */
};

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct session *session = opaque;
    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        session->acknowledged++;
        return;
    }
    if (session->failed++ == 0)
        snprintf(session->failure, sizeof session->failure, "topic %s: %s", rd_kafka_topic_name(message->rkt),
            rd_kafka_err2str(message->err));
}

/* ---- Headers ---- */

static void add_header(rd_kafka_headers_t *headers, const char *name, struct text value)
{
    rd_kafka_header_add(headers, name, -1, value.at, (ssize_t)value.length);
}

static void add_given(rd_kafka_headers_t *headers, const struct log_output *record)
{
    for (size_t i = 0; i < record->header_count; i++)
        rd_kafka_header_add(headers, record->headers[i].name.at, (ssize_t)record->headers[i].name.length,
            record->headers[i].value.at, (ssize_t)record->headers[i].value.length);
}

/* CloudEvents 1.0, binary mode. What the line gives itself counts instead; raw bytes are of no type. */
static rd_kafka_headers_t *headers_of(const struct line *line)
{
    char time[INSTANT_TEXT_SIZE];
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    if (line->record.header_count != 0 || text_is_empty(line->event_id)) {
        add_given(headers, &line->record);
        return headers;
    }
    add_header(headers, "ce_specversion", TEXT("1.0"));
    add_header(headers, "ce_id", line->event_id);
    add_header(headers, "ce_source", text_is_empty(line->source) ? TEXT("/settledctl") : line->source);
    add_header(headers, "ce_type", text_of(line->topic->message->name));
    add_header(headers, "ce_time", text_of(instant_format(line->recorded_at, time)));
    add_header(headers, "content-type", TEXT("application/protobuf"));
    return headers;
}

/* ---- Sending ---- */

static rd_kafka_resp_err_t try_to_send(struct session *session, const struct line *line, rd_kafka_headers_t *headers)
{
    const struct log_output *record = &line->record;
    int64_t timestamp_ms = line->has_timestamp ? line->at.seconds * 1000 + line->at.nanos / 1000000 : 0;
    return rd_kafka_producev(session->client, RD_KAFKA_V_TOPIC(record->topic), RD_KAFKA_V_PARTITION(record->partition),
        RD_KAFKA_V_KEY(text_is_empty(record->key) ? NULL : record->key.at, record->key.length),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)record->value.at, record->value.length),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_TIMESTAMP(timestamp_ms), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_END);
}

static rd_kafka_resp_err_t send_line(struct session *session, const struct line *line)
{
    rd_kafka_headers_t *headers = headers_of(line);
    rd_kafka_resp_err_t error;
    while ((error = try_to_send(session, line, headers)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(session->client, FULL_QUEUE_WAIT_MS);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    rd_kafka_poll(session->client, 0);
    return error;
}

static int produce_line(struct session *session, const struct input *input, struct text text)
{
    struct line line;
    struct fault fault;
    arena_reset(session->arena);
    if (line_read(session->arena, text, &line, &fault) != STATUS_OK) {
        input_complain(input, &fault);
        return EXIT_CODE_INPUT;
    }
    rd_kafka_resp_err_t error = send_line(session, &line);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return EXIT_CODE_DONE;
    command_complain(session->command, "topic %s: %s", line.record.topic, rd_kafka_err2str(error));
    return EXIT_CODE_FAILED;
}

static int produce_lines(struct session *session, struct input *input)
{
    struct text text;
    enum input_result result;
    int code = EXIT_CODE_DONE;
    while (code == EXIT_CODE_DONE && session->failed == 0 && (result = input_next(input, &text)) != INPUT_END) {
        if (result == INPUT_FAILED) {
            command_complain(session->command, "%s: %s", input_file(input), strerror(errno));
            return EXIT_CODE_FAILED;
        }
        code = produce_line(session, input, text);
    }
    return code;
}

/* Every record is acknowledged or has failed before the count is said. */
static int finish(struct session *session, int code)
{
    while (rd_kafka_outq_len(session->client) > 0)
        rd_kafka_flush(session->client, FLUSH_STEP_MS);
    printf("%zu records sent\n", session->acknowledged);
    if (session->failed == 0)
        return code;
    command_complain(session->command, "%zu records not sent: %s", session->failed, session->failure);
    return EXIT_CODE_FAILED;
}

static int produce(struct session *session, const struct servers_options *options, char **files)
{
    struct input input = { .files = files };
    struct config config;
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    const struct kafka_place place = { session->command, &config, RD_KAFKA_PRODUCER };
    int code = EXIT_CODE_FAILED;
    session->arena = arena_new(LINE_ARENA_BYTES);
    CHECK(config_arena != NULL && session->arena != NULL);
    if (!servers_load(session->command, options, config_arena, &config))
        goto out;
    rd_kafka_conf_t *conf = kafka_conf_new(&place, settings, COUNT_OF(settings));
    if (conf != NULL) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
        rd_kafka_conf_set_opaque(conf, session);
    }
    session->client = kafka_open(&place, conf);
    if (session->client == NULL)
        goto out;
    code = finish(session, produce_lines(session, &input));
    rd_kafka_destroy(session->client);
out:
    input_done(&input);
    arena_free(session->arena);
    arena_free(config_arena);
    return code;
}

int command_produce(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = { SERVERS_OPTIONS, { NULL, 0, NULL, 0 } };
    struct session session = { .command = self };
    struct servers_options options = { NULL };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!servers_option(c, optarg, &options))
            return command_misused(self);
    return optind < argc ? produce(&session, &options, argv + optind) : command_misused(self);
}
