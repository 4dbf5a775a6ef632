/* settled-topics BROKERS NAME:PARTITIONS...
 *
 * Creates the topics that are missing, with the brokers' own replication and for ever kept records, lets those grow
 * that have fewer partitions, and returns when each partition has a leader: Kafka's own tool would start a Java machine
 * for it. NAME:0 deletes a topic. For tests and the demo. */
#include <librdkafka/rdkafka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOPICS_MAX 64
#define WAIT_MS 30000
#define POLL_MS 50

struct wanted {
    char name[128];
    int partitions;
};

static int fail(const char *about, const char *why)
{
    fprintf(stderr, "settled-topics: %s: %s\n", about, why);
    return 1;
}

static int parse_wanted(const char *argument, struct wanted *ret_wanted)
{
    char end;
    if (sscanf(argument, "%127[^:]:%d%c", ret_wanted->name, &ret_wanted->partitions, &end) != 2)
        return fail(argument, "not NAME:PARTITIONS");
    if (ret_wanted->partitions < 0 || ret_wanted->partitions > 1000)
        return fail(argument, "1 to 1000 partitions, or 0 to delete it");
    return 0;
}

/* Warnings of a broker that is still starting are no news here; errors are returned. */
static void be_silent(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client, (void)level, (void)facility, (void)text;
}

static rd_kafka_t *connect_to(const char *brokers)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, be_silent);
    if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof text) != RD_KAFKA_CONF_OK) {
        rd_kafka_conf_destroy(conf);
        fail(brokers, text);
        return NULL;
    }
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        fail(brokers, text);
    }
    return client;
}

static int check_results(rd_kafka_event_t *event)
{
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fail("create", rd_kafka_event_error_string(event));
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    int failed = 0;
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            failed = fail(rd_kafka_topic_result_name(results[i]), rd_kafka_topic_result_error_string(results[i]));
    }
    return failed;
}

static int request_topics(rd_kafka_t *client, rd_kafka_NewTopic_t **topics, size_t count)
{
    char text[256];
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_AdminOptions_set_request_timeout(options, WAIT_MS, text, sizeof text);
    rd_kafka_AdminOptions_set_operation_timeout(options, WAIT_MS, text, sizeof text);
    rd_kafka_CreateTopics(client, topics, count, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 2 * WAIT_MS);
    int failed = event == NULL ? fail("create", "no answer") : check_results(event);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return failed;
}

static int create(rd_kafka_t *client, const struct wanted *wanted, size_t count)
{
    rd_kafka_NewTopic_t *topics[TOPICS_MAX];
    char text[256];
    for (size_t i = 0; i < count; i++) {
        topics[i] = rd_kafka_NewTopic_new(wanted[i].name, wanted[i].partitions, -1, text, sizeof text);
        if (topics[i] == NULL) {
            rd_kafka_NewTopic_destroy_array(topics, i);
            return fail(wanted[i].name, text);
        }
        rd_kafka_NewTopic_set_config(topics[i], "retention.ms", "-1");
    }
    int failed = request_topics(client, topics, count);
    rd_kafka_NewTopic_destroy_array(topics, count);
    return failed;
}

static int led_partitions(const struct rd_kafka_metadata *metadata, const char *name)
{
    int led = 0;
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, name) == 0)
            for (int p = 0; p < metadata->topics[i].partition_cnt; p++)
                led += metadata->topics[i].partitions[p].leader >= 0;
    return led;
}

/* The first topic that does not stand yet with all its partitions; NULL when all do. */
static const char *find_unready(rd_kafka_t *client, const struct wanted *wanted, size_t count)
{
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(client, 1, NULL, &metadata, WAIT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return "metadata";
    const char *unready = NULL;
    for (size_t i = 0; i < count && unready == NULL; i++)
        if (led_partitions(metadata, wanted[i].name) < wanted[i].partitions)
            unready = wanted[i].name;
    rd_kafka_metadata_destroy(metadata);
    return unready;
}

/* One request a topic: this is rare. */
static int grow_one(rd_kafka_t *client, const struct wanted *wanted)
{
    char text[256];
    rd_kafka_NewPartitions_t *request =
        rd_kafka_NewPartitions_new(wanted->name, (size_t)wanted->partitions, text, sizeof text);
    if (request == NULL)
        return fail(wanted->name, text);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_CreatePartitions(client, &request, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 2 * WAIT_MS);
    bool is_done = event != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewPartitions_destroy(request);
    return is_done ? 0 : fail(wanted->name, "does not grow");
}

static int grow(rd_kafka_t *client, const struct wanted *wanted, size_t count)
{
    const struct rd_kafka_metadata *metadata;
    int failed = 0;
    if (rd_kafka_metadata(client, 1, NULL, &metadata, WAIT_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fail("metadata", "no answer");
    for (size_t i = 0; i < count && failed == 0; i++) {
        int led = led_partitions(metadata, wanted[i].name);
        if (led > 0 && led < wanted[i].partitions)
            failed = grow_one(client, &wanted[i]);
    }
    rd_kafka_metadata_destroy(metadata);
    return failed;
}

static int delete_one(rd_kafka_t *client, const char *name)
{
    rd_kafka_DeleteTopic_t *request = rd_kafka_DeleteTopic_new(name);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteTopics(client, &request, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 2 * WAIT_MS);
    bool is_done = event != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_DeleteTopic_destroy(request);
    return is_done ? 0 : fail(name, "is not deleted");
}

static int wait_for_leaders(rd_kafka_t *client, const struct wanted *wanted, size_t count)
{
    const char *unready = NULL;
    for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += POLL_MS) {
        unready = find_unready(client, wanted, count);
        if (unready == NULL)
            return 0;
        nanosleep(&(struct timespec){ .tv_nsec = POLL_MS * 1000000L }, NULL);
    }
    return fail(unready, "not all partitions have a leader");
}

int main(int argc, char **argv)
{
    struct wanted wanted[TOPICS_MAX];
    if (argc < 3 || argc - 2 > TOPICS_MAX)
        return fail("usage", "settled-topics BROKERS NAME:PARTITIONS...");
    rd_kafka_t *client = connect_to(argv[1]);
    if (client == NULL)
        return 1;
    size_t count = 0;
    int failed = 0;
    for (int i = 2; i < argc && failed == 0; i++) {
        failed = parse_wanted(argv[i], &wanted[count]);
        if (failed == 0 && wanted[count].partitions == 0)
            failed = delete_one(client, wanted[count].name);
        else
            count++;
    }
    if (failed == 0 && count != 0)
        failed = create(client, wanted, count);
    if (failed == 0)
        failed = grow(client, wanted, count);
    if (failed == 0)
        failed = wait_for_leaders(client, wanted, count);
    rd_kafka_destroy(client);
    return failed;
}
