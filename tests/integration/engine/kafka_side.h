/** The other side of the engine, for tests over real servers: topics, a plain producer, a reader of what was committed.
 *  Every failure ends the program: a test without its servers has nothing to say. */
#pragma once

#include "base/text.h"

#include <librdkafka/rdkafka.h>

void kafka_side_create(const char *brokers, const char *const *topics, size_t count, int partitions);

/** Copies nothing: `value` and `key` are copied by librdkafka. `sent_ns` not 0: as header "sent". */
rd_kafka_t *kafka_side_producer(const char *brokers);
void kafka_side_send(rd_kafka_t *producer, const char *topic, struct text key, struct text value, int64_t sent_ns);
void kafka_side_finish(rd_kafka_t *producer);

/** Reads all partitions of a topic from the beginning, committed records only. */
rd_kafka_t *kafka_side_reader(const char *brokers, const char *topic, int partitions);
/** The next record within `wait_ms`, or NULL. */
rd_kafka_message_t *kafka_side_next(rd_kafka_t *reader, int wait_ms);
/** The header "sent", or 0. */
int64_t kafka_side_sent_ns(rd_kafka_message_t *message);

int64_t kafka_side_now_ns(void);
