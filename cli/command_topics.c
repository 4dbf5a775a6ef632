#include "cli/command.h"
#include "cli/kafka.h"
#include "cli/servers.h"
#include "cli/topic.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PARTITIONS_DEFAULT 12
#define PARTITIONS_MAX 1000
#define ANSWER_WITHIN_MS 30000
#define LOOK_AGAIN_MS 50

struct options {
    struct servers_options servers;
    int partitions;
    int replication; /* -1: the broker's default */
};

struct session {
    const struct command *command;
    struct options options;
    rd_kafka_t *client;
};

/* ---- Creating ---- */

/* Inputs are the truth that everything is made from again, settlements what was promised: both are kept for ever. */
static const char *retention_of(const struct topic *topic)
{
    return topic->is_input || strcmp(topic->name, "settlement") == 0 ? "-1" : NULL;
}

static rd_kafka_NewTopic_t *new_topic(const struct session *session, const struct topic *topic)
{
    char why[256];
    rd_kafka_NewTopic_t *created =
        rd_kafka_NewTopic_new(topic->name, session->options.partitions, session->options.replication, why, sizeof why);
    CHECK(created != NULL);
    rd_kafka_NewTopic_set_config(created, "cleanup.policy", "delete");
    if (retention_of(topic) != NULL)
        rd_kafka_NewTopic_set_config(created, "retention.ms", retention_of(topic));
    return created;
}

static bool check_result(const struct session *session, const rd_kafka_topic_result_t *result)
{
    const char *name = rd_kafka_topic_result_name(result);
    rd_kafka_resp_err_t error = rd_kafka_topic_result_error(result);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        printf("%s: created, %d partitions\n", name, session->options.partitions);
    else if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        printf("%s: is there\n", name);
    else
        command_complain(session->command, "%s: %s", name, rd_kafka_topic_result_error_string(result));
    return error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
}

static bool check_answer(const struct session *session, rd_kafka_event_t *event)
{
    size_t count;
    if (event == NULL || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        command_complain(
            session->command, "Kafka: %s", event == NULL ? "no answer" : rd_kafka_event_error_string(event));
        return false;
    }
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good &= check_result(session, results[i]);
    return good;
}

static bool create(const struct session *session)
{
    char why[256];
    rd_kafka_NewTopic_t *wanted[32];
    CHECK(topic_count <= COUNT_OF(wanted));
    for (size_t i = 0; i < topic_count; i++)
        wanted[i] = new_topic(session, &topics[i]);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(session->client);
    rd_kafka_AdminOptions_t *admin = rd_kafka_AdminOptions_new(session->client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_AdminOptions_set_request_timeout(admin, ANSWER_WITHIN_MS, why, sizeof why);
    rd_kafka_AdminOptions_set_operation_timeout(admin, ANSWER_WITHIN_MS, why, sizeof why);
    rd_kafka_CreateTopics(session->client, wanted, topic_count, admin, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 2 * ANSWER_WITHIN_MS);
    bool good = check_answer(session, event);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(admin);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy_array(wanted, topic_count);
    return good;
}

/* ---- Looking ---- */

static bool is_led(const struct rd_kafka_metadata_topic *topic)
{
    bool all = topic != NULL;
    for (int i = 0; all && i < topic->partition_cnt; i++)
        all = topic->partitions[i].leader >= 0;
    return all;
}

/* Topics keyed by person lie side by side: partition 3 of all of them holds the same persons. */
static bool check_partitions(const struct session *session, const struct rd_kafka_metadata *metadata)
{
    bool good = true;
    for (size_t i = 0; i < topic_count; i++) {
        const struct rd_kafka_metadata_topic *topic = kafka_find_topic(metadata, topics[i].name);
        if (topic->partition_cnt == session->options.partitions)
            continue;
        command_complain(session->command, "%s has %d partitions, not %d", topics[i].name, topic->partition_cnt,
            session->options.partitions);
        good = false;
    }
    return good;
}

static bool all_led(const struct rd_kafka_metadata *metadata)
{
    bool all = true;
    for (size_t i = 0; i < topic_count && all; i++)
        all = is_led(kafka_find_topic(metadata, topics[i].name));
    return all;
}

/* A topic is of use when each partition has its leader: the command returns then. */
static bool wait_for_leaders(const struct session *session)
{
    for (int waited_ms = 0; waited_ms < ANSWER_WITHIN_MS; waited_ms += LOOK_AGAIN_MS) {
        const struct rd_kafka_metadata *metadata = kafka_metadata(session->command, session->client);
        if (metadata == NULL)
            return false;
        bool ready = all_led(metadata);
        bool good = ready && check_partitions(session, metadata);
        rd_kafka_metadata_destroy(metadata);
        if (ready)
            return good;
        nanosleep(&(struct timespec){ .tv_nsec = LOOK_AGAIN_MS * 1000000L }, NULL);
    }
    command_complain(session->command, "not every partition has a leader");
    return false;
}

/* ---- The command ---- */

static int create_topics(struct session *session)
{
    int code = EXIT_CODE_FAILED;
    struct config config;
    struct arena *arena = arena_new(CONFIG_ARENA_BYTES);
    CHECK(arena != NULL);
    if (servers_load(session->command, &session->options.servers, arena, &config)) {
        const struct kafka_place place = { session->command, &config, RD_KAFKA_PRODUCER };
        session->client = kafka_open(&place, kafka_conf_new(&place, NULL, 0));
    }
    if (session->client != NULL) {
        if (create(session) && wait_for_leaders(session))
            code = EXIT_CODE_DONE;
        rd_kafka_destroy(session->client);
    }
    arena_free(arena);
    return code;
}

static bool read_number(const char *text, int *ret_number)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 1 || number > PARTITIONS_MAX)
        return false;
    *ret_number = (int)number;
    return true;
}

static bool take_option(int c, struct options *options)
{
    if (c == 'P')
        return read_number(optarg, &options->partitions);
    if (c == 'R')
        return read_number(optarg, &options->replication);
    return servers_option(c, optarg, &options->servers);
}

int command_topics(const struct command *self, int argc, char **argv)
{
    static const struct option known[] = {
        SERVERS_OPTIONS,
        { "partitions", required_argument, NULL, 'P' },
        { "replication", required_argument, NULL, 'R' },
        { NULL, 0, NULL, 0 },
    };
    struct session session = { .command = self, .options = { .partitions = PARTITIONS_DEFAULT, .replication = -1 } };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        if (!take_option(c, &session.options))
            return command_misused(self);
    if (optind + 1 != argc || strcmp(argv[optind], "create") != 0)
        return command_misused(self);
    return create_topics(&session);
}
