#include "cli/verify_offsets.h"

#include "consumers/engine_offsets.h"
#include "consumers/stage_person.h"

#include <stdlib.h>

#define ANSWER_WITHIN_MS 15000

static bool count_partitions(struct verify_offsets *offsets)
{
    const struct rd_kafka_metadata *metadata = kafka_metadata(offsets->command, offsets->client);
    if (metadata == NULL)
        return false;
    while (stage_person_topics[offsets->topics] != NULL)
        offsets->topics++;
    CHECK(offsets->topics <= VERIFY_TOPICS_MAX);
    for (size_t i = 0; i < offsets->topics; i++) {
        const struct rd_kafka_metadata_topic *topic = kafka_find_topic(metadata, stage_person_topics[i]);
        if (topic != NULL && topic->partition_cnt > offsets->partitions)
            offsets->partitions = topic->partition_cnt;
    }
    rd_kafka_metadata_destroy(metadata);
    if (offsets->partitions == 0)
        command_complain(offsets->command, "this Kafka has none of the processor's input topics");
    return offsets->partitions > 0;
}

bool verify_offsets_open(struct verify_offsets *offsets, const struct command *command, const struct config *config)
{
    char group[192];
    snprintf(group, sizeof group, "%s-person", config->kafka.group);
    const struct kafka_setting settings[] = { { "group.id", group }, { "enable.auto.commit", "false" },
        { "isolation.level", "read_committed" } };
    const struct kafka_place place = { command, config, RD_KAFKA_CONSUMER };
    *offsets = (struct verify_offsets){ .command = command };
    offsets->client = kafka_open(&place, kafka_conf_new(&place, settings, COUNT_OF(settings)));
    if (offsets->client == NULL || !count_partitions(offsets))
        return false;
    offsets->committed = calloc((size_t)offsets->partitions * offsets->topics, sizeof *offsets->committed);
    CHECK(offsets->committed != NULL);
    return verify_offsets_ask(offsets);
}

bool verify_offsets_ask(struct verify_offsets *offsets)
{
    size_t count = (size_t)offsets->partitions * offsets->topics;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(
            list, stage_person_topics[i % offsets->topics], (int32_t)(i / offsets->topics));
    rd_kafka_resp_err_t error = rd_kafka_committed(offsets->client, list, ANSWER_WITHIN_MS);
    offsets->homes = offsets->partitions;
    for (size_t i = 0; i < count; i++) {
        int32_t homes = log_kafka_read_homes(list->elems[i].metadata, list->elems[i].metadata_size);
        offsets->homes = homes == 0 ? offsets->homes : homes;
        offsets->committed[i] = list->elems[i].offset < 0 ? 0 : list->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        command_complain(offsets->command, "Kafka: the group's offsets: %s", rd_kafka_err2str(error));
    return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool verify_offsets_lag(const struct verify_offsets *offsets, int32_t partition, struct text stored)
{
    int64_t next[VERIFY_TOPICS_MAX];
    if (partition < 0 || partition >= offsets->partitions)
        return false;
    if (engine_offsets_parse(stored, stage_person_topics, next) != STATUS_OK)
        return true; /* the partition is being rebuilt */
    for (size_t i = 0; i < offsets->topics; i++)
        if (next[i] < offsets->committed[(size_t)partition * offsets->topics + i])
            return true;
    return false;
}

void verify_offsets_done(struct verify_offsets *offsets)
{
    if (offsets->client != NULL) {
        rd_kafka_consumer_close(offsets->client);
        rd_kafka_destroy(offsets->client);
    }
    free(offsets->committed);
    *offsets = (struct verify_offsets){ 0 };
}
