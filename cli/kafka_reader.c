#include "cli/kafka_reader.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ANSWER_WITHIN_MS 5000
#define POLL_MS 100

struct kafka_reader {
    const struct command *command;
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *partitions; /* `err` of one that stands at its end is PARTITION_EOF, and `offset`
                                                  * is then the end; `opaque`: the end that was asked for last */
};

/* ---- Opening ---- */

static bool add_topic(
    struct kafka_reader *reader, const struct rd_kafka_metadata *metadata, const char *name, bool from_beginning)
{
    const struct rd_kafka_metadata_topic *topic = kafka_find_topic(metadata, name);
    if (topic == NULL) {
        command_complain(reader->command, "this Kafka has no topic %s", name);
        return false;
    }
    int64_t from = from_beginning ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    for (int i = 0; i < topic->partition_cnt; i++)
        rd_kafka_topic_partition_list_add(reader->partitions, name, topic->partitions[i].id)->offset = from;
    return true;
}

static bool assign(struct kafka_reader *reader, const struct kafka_reading *reading)
{
    const struct rd_kafka_metadata *metadata = kafka_metadata(reader->command, reader->client);
    bool good = metadata != NULL;
    for (const char *const *name = reading->topics; *name != NULL && good; name++)
        good = add_topic(reader, metadata, *name, reading->from_beginning);
    if (metadata != NULL)
        rd_kafka_metadata_destroy(metadata);
    return good && rd_kafka_assign(reader->client, reader->partitions) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_t *open_consumer(const struct kafka_reading *reading)
{
    const struct kafka_setting settings[] = {
        { "group.id", "settledctl" }, /* needed, and never joined: partitions are assigned by hand */
        { "enable.auto.commit", "false" },
        { "enable.partition.eof", "true" },
        { "auto.offset.reset", "earliest" },
        { "fetch.wait.max.ms", "100" },     /* an end is told by an empty answer, which a broker holds back so long */
        { "queued.min.messages", "10000" }, /* of each partition: reading ahead takes memory and gains nothing here */
        { "isolation.level", reading->uncommitted ? "read_uncommitted" : "read_committed" },
    };
    const struct kafka_place place = { reading->command, reading->config, RD_KAFKA_CONSUMER };
    rd_kafka_conf_t *conf = kafka_conf_new(&place, settings, COUNT_OF(settings));
    rd_kafka_t *client = kafka_open(&place, conf);
    if (client != NULL)
        rd_kafka_poll_set_consumer(client);
    return client;
}

struct kafka_reader *kafka_reader_new(const struct kafka_reading *reading)
{
    struct kafka_reader *reader = calloc(1, sizeof *reader);
    CHECK(reader != NULL);
    reader->command = reading->command;
    reader->partitions = rd_kafka_topic_partition_list_new(16);
    reader->client = open_consumer(reading);
    if (reader->client != NULL && assign(reader, reading))
        return reader;
    kafka_reader_free(reader);
    return NULL;
}

void kafka_reader_free(struct kafka_reader *reader)
{
    if (reader == NULL)
        return;
    rd_kafka_topic_partition_list_destroy(reader->partitions);
    if (reader->client != NULL) {
        rd_kafka_consumer_close(reader->client);
        rd_kafka_destroy(reader->client);
    }
    free(reader);
}

/* ---- Reading ---- */

static bool is_at_end(const struct kafka_reader *reader)
{
    bool all = true;
    for (int i = 0; i < reader->partitions->cnt; i++)
        all &= reader->partitions->elems[i].err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    return all;
}

/* An end that was reached before the ends were asked for waits in the queue, behind records read ahead: it is none any
 * more. */
static void note_end(struct kafka_reader *reader, const rd_kafka_message_t *message)
{
    rd_kafka_topic_partition_t *partition =
        rd_kafka_topic_partition_list_find(reader->partitions, rd_kafka_topic_name(message->rkt), message->partition);
    if (partition == NULL || message->offset < (int64_t)(intptr_t)partition->opaque)
        return;
    partition->err = RD_KAFKA_RESP_ERR__PARTITION_EOF;
    partition->offset = message->offset;
}

enum kafka_read kafka_reader_next(struct kafka_reader *reader, int wait_ms, rd_kafka_message_t **ret_message)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->client, wait_ms);
    enum kafka_read read = KAFKA_READ_NOTHING;
    if (message == NULL)
        return KAFKA_READ_NOTHING;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        *ret_message = message;
        return KAFKA_READ_RECORD;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        note_end(reader, message);
        read = is_at_end(reader) ? KAFKA_READ_END : KAFKA_READ_NOTHING;
    } else {
        command_complain(reader->command, "Kafka: %s", rd_kafka_message_errstr(message));
        read = KAFKA_READ_FAILED;
    }
    rd_kafka_message_destroy(message);
    return read;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A broker that has just come to lead a partition, or ceased to, is asked again. */
static bool ask_range(
    const struct kafka_reader *reader, const rd_kafka_topic_partition_t *partition, int64_t *ret_low, int64_t *ret_high)
{
    const struct timespec pause = { 0, POLL_MS * 1000000L };
    int64_t until = now_ms() + ANSWER_WITHIN_MS;
    for (;;) {
        rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(
            reader->client, partition->topic, partition->partition, ret_low, ret_high, ANSWER_WITHIN_MS);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        if (now_ms() >= until) {
            command_complain(reader->command, "Kafka: %s", rd_kafka_err2str(error));
            return false;
        }
        nanosleep(&pause, NULL);
    }
}

bool kafka_reader_ask_ends(struct kafka_reader *reader)
{
    for (int i = 0; i < reader->partitions->cnt; i++) {
        rd_kafka_topic_partition_t *partition = &reader->partitions->elems[i];
        int64_t low, high;
        if (!ask_range(reader, partition, &low, &high))
            return false;
        partition->opaque = (void *)(intptr_t)high;
        if (partition->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && partition->offset < high)
            partition->err = RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return true;
}

bool kafka_reader_has_beginning(struct kafka_reader *reader)
{
    for (int i = 0; i < reader->partitions->cnt; i++) {
        const rd_kafka_topic_partition_t *partition = &reader->partitions->elems[i];
        int64_t low, high;
        if (!ask_range(reader, partition, &low, &high))
            return false;
        if (low > 0) {
            command_complain(reader->command, "topic %s: its first %lld records of partition %d were deleted",
                partition->topic, (long long)low, (int)partition->partition);
            return false;
        }
    }
    return true;
}

bool kafka_reader_drain(struct kafka_reader *reader, int patience_ms,
    void (*take)(void *context, const rd_kafka_message_t *message), void *context)
{
    int64_t until = now_ms() + patience_ms;
    bool more = !is_at_end(reader);
    while (more && now_ms() < until) {
        rd_kafka_message_t *message;
        enum kafka_read read = kafka_reader_next(reader, POLL_MS, &message);
        if (read == KAFKA_READ_FAILED)
            return false;
        if (read == KAFKA_READ_RECORD) {
            take(context, message);
            rd_kafka_message_destroy(message);
            until = now_ms() + patience_ms;
        }
        more = more && read != KAFKA_READ_END;
    }
    if (more)
        command_complain(
            reader->command, "Kafka: the end of a topic was not reached: a transaction is open, or it is slow");
    return !more;
}

int32_t kafka_reader_partitions(const struct kafka_reader *reader, const char *topic)
{
    int32_t count = 0;
    const struct rd_kafka_metadata *metadata = kafka_metadata(reader->command, reader->client);
    if (metadata == NULL)
        return 0;
    const struct rd_kafka_metadata_topic *found = kafka_find_topic(metadata, topic);
    if (found != NULL)
        count = found->partition_cnt;
    else
        command_complain(reader->command, "this Kafka has no topic %s", topic);
    rd_kafka_metadata_destroy(metadata);
    return count;
}
