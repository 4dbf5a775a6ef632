/** A Kafka client of a command: made from the configuration, silent, and known to be connected. */
#pragma once

#include "cli/command.h"
#include "cli/config.h"

#include <librdkafka/rdkafka.h>

/** What a command opens a client for. */
struct kafka_place {
    const struct command *command;
    const struct config *config;
    rd_kafka_type_t type;
};

/** A librdkafka property that the command needs. */
struct kafka_setting {
    const char *name;
    const char *value;
};

/** The configuration's properties go over `settings`. NULL after a complaint. */
rd_kafka_conf_t *kafka_conf_new(const struct kafka_place *place, const struct kafka_setting *settings, size_t count);

/** Takes over `conf`, which may be NULL. NULL after a complaint, also when no broker answers within seconds.
 *  rd_kafka_destroy when done. */
rd_kafka_t *kafka_open(const struct kafka_place *place, rd_kafka_conf_t *conf);

/** All topics of the cluster; rd_kafka_metadata_destroy when done. NULL after a complaint. */
const struct rd_kafka_metadata *kafka_metadata(const struct command *command, rd_kafka_t *client);
/** How many members a consumer group has; one that nobody knows has none. False after a complaint. */
bool kafka_group_members(const struct command *command, rd_kafka_t *client, const char *group, size_t *ret_count);
/** NULL when the cluster does not have it. */
const struct rd_kafka_metadata_topic *kafka_find_topic(const struct rd_kafka_metadata *metadata, const char *name);
