#include "cli/kafka.h"

#include <string.h>

#define ANSWER_WITHIN_MS 5000

/* What goes wrong comes back as an error, and is said once by whoever asked. */
static void be_silent(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client, (void)level, (void)facility, (void)text;
}

static bool set(const struct command *command, rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[256];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return true;
    command_complain(command, "kafka.%s: %s", name, why);
    return false;
}

static bool is_for(rd_kafka_type_t type, const struct log_kafka_property *property)
{
    enum log_kafka_client other = type == RD_KAFKA_PRODUCER ? LOG_KAFKA_CONSUMER : LOG_KAFKA_PRODUCER;
    return property->client != other;
}

rd_kafka_conf_t *kafka_conf_new(const struct kafka_place *place, const struct kafka_setting *settings, size_t count)
{
    const struct command *command = place->command;
    const struct config_kafka *kafka = &place->config->kafka;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, be_silent);
    bool good = set(command, conf, "bootstrap.servers", kafka->brokers);
    for (size_t i = 0; i < count && good; i++)
        good = set(command, conf, settings[i].name, settings[i].value);
    for (size_t i = 0; i < kafka->properties.count && good; i++)
        if (is_for(place->type, &kafka->properties.items[i]))
            good = set(command, conf, kafka->properties.items[i].name, kafka->properties.items[i].value);
    if (good)
        return conf;
    rd_kafka_conf_destroy(conf);
    return NULL;
}

const struct rd_kafka_metadata *kafka_metadata(const struct command *command, rd_kafka_t *client)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 1, NULL, &metadata, ANSWER_WITHIN_MS);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return metadata;
    command_complain(command, "Kafka: %s", rd_kafka_err2str(error));
    return NULL;
}

static bool is_there(const struct kafka_place *place, rd_kafka_t *client)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, NULL, &metadata, ANSWER_WITHIN_MS);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        command_complain(place->command, "Kafka at %s: %s", place->config->kafka.brokers, rd_kafka_err2str(error));
        return false;
    }
    rd_kafka_metadata_destroy(metadata);
    return true;
}

rd_kafka_t *kafka_open(const struct kafka_place *place, rd_kafka_conf_t *conf)
{
    char why[256];
    if (conf == NULL)
        return NULL;
    rd_kafka_t *client = rd_kafka_new(place->type, conf, why, sizeof why);
    if (client == NULL) {
        rd_kafka_conf_destroy(conf);
        command_complain(place->command, "Kafka: %s", why);
        return NULL;
    }
    if (is_there(place, client))
        return client;
    rd_kafka_destroy(client);
    return NULL;
}

static bool take_members(const struct command *command, rd_kafka_event_t *event, size_t *ret_count)
{
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t **groups = NULL;
    if (event != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
        groups =
            rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(event), &count);
    if (count != 1) {
        command_complain(command, "Kafka: %s", event == NULL ? "no answer" : rd_kafka_event_error_string(event));
        return false;
    }
    const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(groups[0]);
    bool is_unknown = error != NULL && rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND;
    if (error != NULL && !is_unknown) {
        command_complain(command, "Kafka: %s", rd_kafka_error_string(error));
        return false;
    }
    *ret_count = is_unknown ? 0 : rd_kafka_ConsumerGroupDescription_member_count(groups[0]);
    return true;
}

bool kafka_group_members(const struct command *command, rd_kafka_t *client, const char *group, size_t *ret_count)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DescribeConsumerGroups(client, &group, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 2 * ANSWER_WITHIN_MS);
    bool good = take_members(command, event, ret_count);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    return good;
}

const struct rd_kafka_metadata_topic *kafka_find_topic(const struct rd_kafka_metadata *metadata, const char *name)
{
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, name) == 0 && metadata->topics[i].partition_cnt > 0)
            return &metadata->topics[i];
    return NULL;
}
