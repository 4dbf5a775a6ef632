#include "cli/roster_send.h"

#include "cli/kafka.h"
#include "cli/line.h"
#include "cli/roster_report.h"
#include "consumers/roster_update.h"
#include "proto/wire.h"

#include <string.h>
#include <time.h>

#define RECEIPT_TOPIC "roster-receipt"
#define REJECTION_TOPIC "rejection"
#define PART_ARENA_BYTES ((size_t)128 << 20)
#define POLL_MS 100
#define ANSWER_WITHIN_MS 10000
#define FLUSH_MS 70000 /* longer than message.timeout.ms: every record is delivered or has failed */

struct sending {
    const struct roster_send_request *request;
    const struct roster_outgoing *list;
    struct arena *part_arena;
    struct config config;
    rd_kafka_t *producer, *consumer;
    rd_kafka_topic_partition_list_t *positions; /* of both answer topics; `err` PARTITION_EOF: read to its end */
    struct roster_answer answer;
    char rejection[128]; /* why a part was refused before it was read as a list; empty: none was */
    size_t failed;
    char failure[192]; /* the first */
};

static int fail(const struct sending *sending, const char *what)
{
    command_complain(sending->request->command, "%s", what);
    return EXIT_CODE_FAILED;
}

/* ---- Answers ---- */

/* A rejection quotes the record: one of ours bears the list's name. */
static void take_rejection(struct sending *sending, const Settled__V1__Rejection *rejection)
{
    ProtobufCMessage *payload;
    struct fault fault;
    struct text bytes = { (const char *)rejection->payload.data, rejection->payload.len };
    if (strcmp(rejection->topic, ROSTER_TOPIC) != 0
        || line_unpack(topic_find(TEXT(ROSTER_TOPIC)), bytes, &payload, &fault) != STATUS_OK)
        return;
    const Settled__V1__RosterUpdate *update = (const Settled__V1__RosterUpdate *)payload;
    if (text_equal(text_of(update->roster_id), sending->list->header.roster_id)
        && text_equal(text_of(update->source), sending->list->header.source))
        snprintf(sending->rejection, sizeof sending->rejection, "%s（%s%s%s）", roster_report_reason(rejection->reason),
            rejection->reason, rejection->field[0] == '\0' ? "" : " ", rejection->field);
    protobuf_c_message_free_unpacked(payload, NULL);
}

/* A receipt of this list is kept; everything else is looked at and forgotten. */
static void take_record(struct sending *sending, const rd_kafka_message_t *record)
{
    ProtobufCMessage *message;
    struct fault fault;
    struct text key = { record->key, record->key_len }, value = { record->payload, record->len };
    const struct topic *topic = topic_find(text_of(rd_kafka_topic_name(record->rkt)));
    bool is_kept = false;
    if (record->key == NULL || record->payload == NULL || !text_equal(key, sending->list->key)
        || line_unpack(topic, value, &message, &fault) != STATUS_OK)
        return;
    if (message->descriptor == &settled__v1__roster_receipt__descriptor)
        is_kept = roster_answer_take(&sending->answer, sending->list, (Settled__V1__RosterReceipt *)message);
    else
        take_rejection(sending, (const Settled__V1__Rejection *)message);
    if (!is_kept)
        protobuf_c_message_free_unpacked(message, NULL);
}

static bool note_end(struct sending *sending, const rd_kafka_message_t *message)
{
    rd_kafka_topic_partition_t *position =
        rd_kafka_topic_partition_list_find(sending->positions, rd_kafka_topic_name(message->rkt), message->partition);
    bool all = true;
    if (position != NULL)
        position->err = RD_KAFKA_RESP_ERR__PARTITION_EOF;
    for (int i = 0; i < sending->positions->cnt; i++)
        all &= sending->positions->elems[i].err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    return all;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum until { UNTIL_END, UNTIL_ANSWER };

/* False: Kafka says why not, or time is over; the answer may be there all the same. */
static bool read_answers(struct sending *sending, enum until until, int64_t within_ms)
{
    int64_t end = now_ms() + within_ms;
    while (now_ms() < end) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(sending->consumer, POLL_MS);
        bool is_over = false;
        if (message == NULL)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            take_record(sending, message);
        else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            is_over = note_end(sending, message) && until == UNTIL_END;
        rd_kafka_message_destroy(message);
        if (until == UNTIL_ANSWER)
            is_over = roster_answer_is_whole(&sending->answer) || sending->rejection[0] != '\0';
        if (is_over)
            return true;
    }
    return false;
}

/* Receipts from the beginning, because this list's may be there already; rejections from now on. */
static bool add_topic(
    struct sending *sending, const struct rd_kafka_metadata *metadata, const char *name, bool from_beginning)
{
    const struct rd_kafka_metadata_topic *topic = kafka_find_topic(metadata, name);
    if (topic == NULL) {
        command_complain(sending->request->command, "this Kafka has no topic %s", name);
        return false;
    }
    for (int i = 0; i < topic->partition_cnt; i++) {
        int64_t low, high;
        int32_t partition = topic->partitions[i].id;
        rd_kafka_resp_err_t error =
            rd_kafka_query_watermark_offsets(sending->consumer, name, partition, &low, &high, ANSWER_WITHIN_MS);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
            command_complain(sending->request->command, "Kafka: %s", rd_kafka_err2str(error));
            return false;
        }
        rd_kafka_topic_partition_list_add(sending->positions, name, partition)->offset = from_beginning ? low : high;
    }
    return true;
}

static bool open_consumer(struct sending *sending)
{
    static const struct kafka_setting settings[] = {
        { "group.id", "settledctl" }, /* needed, and never joined: partitions are assigned by hand */
        { "enable.auto.commit", "false" },
        { "enable.partition.eof", "true" },
        { "auto.offset.reset", "earliest" },
        { "fetch.wait.max.ms", "100" }, /* an end is told by an empty answer, which a broker holds back so long */
        { "isolation.level", "read_committed" },
    };
    const struct command *command = sending->request->command;
    const struct kafka_place place = { command, &sending->config, RD_KAFKA_CONSUMER };
    sending->consumer = kafka_open(&place, kafka_conf_new(&place, settings, COUNT_OF(settings)));
    if (sending->consumer == NULL)
        return false;
    rd_kafka_poll_set_consumer(sending->consumer);
    const struct rd_kafka_metadata *metadata = kafka_metadata(command, sending->consumer);
    sending->positions = rd_kafka_topic_partition_list_new(16);
    bool good = metadata != NULL && kafka_find_topic(metadata, ROSTER_TOPIC) != NULL
        && add_topic(sending, metadata, RECEIPT_TOPIC, true) && add_topic(sending, metadata, REJECTION_TOPIC, false);
    if (metadata != NULL && kafka_find_topic(metadata, ROSTER_TOPIC) == NULL)
        command_complain(command, "this Kafka has no topic %s", ROSTER_TOPIC);
    if (metadata != NULL)
        rd_kafka_metadata_destroy(metadata);
    return good && rd_kafka_assign(sending->consumer, sending->positions) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* ---- Parts ---- */

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct sending *sending = opaque;
    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    if (sending->failed++ == 0)
        snprintf(
            sending->failure, sizeof sending->failure, "topic %s: %s", ROSTER_TOPIC, rd_kafka_err2str(message->err));
}

static bool open_producer(struct sending *sending)
{
    static const struct kafka_setting settings[] = {
        { "enable.idempotence", "true" },
        { "partitioner", "murmur2_random" }, /* as Java clients do: one key, one partition, whoever writes */
        { "compression.codec", "lz4" },
        { "message.timeout.ms", "60000" },
    };
    const struct kafka_place place = { sending->request->command, &sending->config, RD_KAFKA_PRODUCER };
    rd_kafka_conf_t *conf = kafka_conf_new(&place, settings, COUNT_OF(settings));
    if (conf != NULL) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
        rd_kafka_conf_set_opaque(conf, sending);
    }
    sending->producer = kafka_open(&place, conf);
    return sending->producer != NULL;
}

static void add_header(rd_kafka_headers_t *headers, const char *name, struct text value)
{
    rd_kafka_header_add(headers, name, -1, value.at, (ssize_t)value.length);
}

static rd_kafka_headers_t *headers_of(const struct sending *sending, int32_t part)
{
    char id[WIRE_TEXT_LIMIT + 64], time[INSTANT_TEXT_SIZE];
    const struct roster_header *header = &sending->list->header;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    snprintf(id, sizeof id, "%.*s/%d", TEXT_FORMAT(header->roster_id), (int)part);
    add_header(headers, "ce_specversion", TEXT("1.0"));
    add_header(headers, "ce_id", text_of(id));
    add_header(headers, "ce_source", header->source);
    add_header(headers, "ce_type", text_of(settled__v1__roster_update__descriptor.name));
    add_header(headers, "ce_time", text_of(instant_format(sending->list->recorded_at, time)));
    add_header(headers, "content-type", TEXT("application/protobuf"));
    return headers;
}

static bool send_part(struct sending *sending, int32_t part)
{
    struct text value, key = sending->list->key;
    if (roster_outgoing_part(sending->part_arena, sending->list, part, &value) != STATUS_OK)
        return false;
    rd_kafka_headers_t *headers = headers_of(sending, part);
    rd_kafka_resp_err_t error;
    do {
        error = rd_kafka_producev(sending->producer, RD_KAFKA_V_TOPIC(ROSTER_TOPIC), RD_KAFKA_V_KEY(key.at, key.length),
            RD_KAFKA_V_VALUE((void *)(uintptr_t)value.at, value.length), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        rd_kafka_poll(sending->producer, error == RD_KAFKA_RESP_ERR__QUEUE_FULL ? POLL_MS : 0);
    } while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers);
        snprintf(sending->failure, sizeof sending->failure, "topic %s: %s", ROSTER_TOPIC, rd_kafka_err2str(error));
    }
    arena_reset(sending->part_arena);
    return error == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool send_parts(struct sending *sending)
{
    bool good = true;
    for (int32_t part = 1; part <= sending->list->header.parts && good; part++)
        good = send_part(sending, part);
    rd_kafka_flush(sending->producer, FLUSH_MS);
    return good && sending->failed == 0 && rd_kafka_outq_len(sending->producer) == 0;
}

/* ---- The whole ---- */

static int tell_answer(const struct sending *sending)
{
    roster_report_answer(&sending->answer, sending->list, stdout);
    return roster_answer_is_taken(&sending->answer) ? EXIT_CODE_DONE : EXIT_CODE_FAILED;
}

/* A made name is the content's: its receipt answers this very file. A name that was given may be another file's, whose
 * receipt says nothing of this one; a name is used once. */
static int tell_earlier(const struct sending *sending, bool is_made_name)
{
    printf("这个编号的名单先前已经送达并有回执，这次没有发送。先前的回执：\n");
    int code = tell_answer(sending);
    if (is_made_name) {
        printf("（其后又有别的名单、确要再次采用这一份的，请用 --roster-id 另给编号）\n");
        return code;
    }
    printf("编号是用 --roster-id 指定的：如果内容与先前不同，请换一个编号\n");
    return EXIT_CODE_FAILED;
}

static int wait_for_answer(struct sending *sending)
{
    bool is_answered = read_answers(sending, UNTIL_ANSWER, (int64_t)sending->request->wait_s * 1000);
    if (sending->rejection[0] != '\0') {
        printf("拒收：%s\n", sending->rejection);
        return EXIT_CODE_FAILED;
    }
    if (is_answered)
        return tell_answer(sending);
    printf("已发送%d部分，%d秒内还没有收到回执：名单不会丢失，稍后再运行同样的命令即可看到回执\n",
        (int)sending->list->header.parts, sending->request->wait_s);
    return EXIT_CODE_FAILED;
}

static int send_and_wait(struct sending *sending, bool is_made_name)
{
    if (!open_consumer(sending))
        return EXIT_CODE_FAILED;
    if (!read_answers(sending, UNTIL_END, (int64_t)sending->request->wait_s * 1000))
        return fail(sending, "先前的回执读不到头，没有发送任何内容");
    if (roster_answer_is_whole(&sending->answer))
        return tell_earlier(sending, is_made_name);
    if (!open_producer(sending))
        return EXIT_CODE_FAILED;
    if (!send_parts(sending)) {
        command_complain(sending->request->command, "%s", sending->failure);
        return fail(sending, "没有全部送达：请再次运行同样的命令，重复的部分不会计算两次");
    }
    return wait_for_answer(sending);
}

int roster_send(const struct roster_send_request *request, const struct roster_outgoing *list)
{
    struct sending sending = { .request = request, .list = list };
    struct arena *config_arena = arena_new(CONFIG_ARENA_BYTES);
    int code = EXIT_CODE_FAILED;
    sending.part_arena = arena_new(PART_ARENA_BYTES);
    CHECK(config_arena != NULL && sending.part_arena != NULL);
    if (servers_load(request->command, request->servers, config_arena, &sending.config))
        code = send_and_wait(&sending, list->has_made_name);
    if (sending.positions != NULL)
        rd_kafka_topic_partition_list_destroy(sending.positions);
    if (sending.consumer != NULL) {
        rd_kafka_consumer_close(sending.consumer);
        rd_kafka_destroy(sending.consumer);
    }
    if (sending.producer != NULL)
        rd_kafka_destroy(sending.producer);
    roster_answer_done(&sending.answer);
    arena_free(sending.part_arena);
    arena_free(config_arena);
    return code;
}
