/* positions BROKERS HOST PORT PARTITIONS [DATABASE]
 *
 * Prints as JSON lines how far each input topic has been taken, twice: what the group has committed to Kafka, and
 * what the store keeps beside the states. Both are 0 where nothing was taken yet. */
#include "consumers/engine_offsets.h"
#include "consumers/stage_fund.h"
#include "consumers/stage_person.h"
#include "state/store_redis.h"

#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOPICS_MAX 16
#define PATIENCE_MS 20000

struct session {
    const char *brokers, *host;
    int port, partitions, database;
};

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "positions: %s: %s\n", what, why);
    return 1;
}

static rd_kafka_t *join(const char *brokers, const char *stage)
{
    char why[160], group[64];
    snprintf(group, sizeof group, "settled-%s", stage);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof why);
    rd_kafka_conf_set(conf, "group.id", group, why, sizeof why);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (client == NULL)
        rd_kafka_conf_destroy(conf);
    return client;
}

static int read_group(
    const struct session *session, const char *stage, const char *const *topics, rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_t *client = join(session->brokers, stage);
    if (client == NULL)
        return fail(stage, "no consumer");
    for (int topic = 0; topics[topic] != NULL; topic++)
        rd_kafka_topic_partition_list_add_range(list, topics[topic], 0, session->partitions - 1);
    rd_kafka_resp_err_t error = rd_kafka_committed(client, list, PATIENCE_MS);
    for (int i = 0; i < list->cnt && error == RD_KAFKA_RESP_ERR_NO_ERROR; i++)
        error = list->elems[i].err;
    rd_kafka_destroy(client);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : fail(stage, rd_kafka_err2str(error));
}

static void print_position(const char *stage, const char *topic, int partition, int64_t group, int64_t store)
{
    json_t *line = json_pack("{s:s, s:s, s:i, s:I, s:I}", "stage", stage, "topic", topic, "partition", partition,
        "group", (json_int_t)(group < 0 ? 0 : group), "store", (json_int_t)store);
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static int print_partition(struct store *store, struct arena *arena, const char *stage, const char *const *topics,
    int partition, rd_kafka_topic_partition_list_t *list)
{
    int64_t next[TOPICS_MAX];
    struct fault fault;
    struct store_read read = { .partition = partition };
    if (store->ops->read(store, arena, &read, 1, &fault) != STATUS_OK)
        return fail("store", fault.text);
    if (engine_offsets_parse(read.ret_offsets, topics, next) != STATUS_OK)
        return fail("store", "the offsets cannot be read");
    for (int topic = 0; topics[topic] != NULL; topic++) {
        int64_t group = rd_kafka_topic_partition_list_find(list, topics[topic], partition)->offset;
        print_position(stage, topics[topic], partition, group, next[topic]);
    }
    return 0;
}

static int print_stage(const struct session *session, const char *stage, const char *const *topics)
{
    const struct store_redis_config config = {
        .addresses = { { session->host, session->port } },
        .address_count = 1,
        .database = session->database,
        .stage = stage,
    };
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(session->partitions * TOPICS_MAX);
    struct store *store = store_redis_new(&config);
    struct arena *arena = arena_new((size_t)1 << 20);
    int failed = store == NULL || arena == NULL || read_group(session, stage, topics, list);
    for (int partition = 0; partition < session->partitions && failed == 0; partition++)
        failed = print_partition(store, arena, stage, topics, partition, list);
    rd_kafka_topic_partition_list_destroy(list);
    arena_free(arena);
    if (store != NULL)
        store->ops->free(store);
    return failed;
}

int main(int argc, char **argv)
{
    static const char *const roster_topics[] = { "roster-update", NULL };
    if (argc != 5 && argc != 6)
        return fail("usage", "positions BROKERS HOST PORT PARTITIONS [DATABASE]");
    const struct session session = { argv[1], argv[2], atoi(argv[3]), atoi(argv[4]), argc == 6 ? atoi(argv[5]) : 0 };
    int failed = print_stage(&session, "person", stage_person_topics);
    failed = failed != 0 ? failed : print_stage(&session, "roster", roster_topics);
    return failed != 0 ? failed : print_stage(&session, "fund", stage_fund_topics);
}
