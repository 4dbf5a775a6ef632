/* JSON from people: a message alone, a whole line of replay and produce; and what topics hold, as people see it. */
#include "fuzz.h"

#include "cli/line.h"
#include "proto/json.h"
#include "proto/wire.h"

#include <stdlib.h>

static char *write_json(const ProtobufCMessage *message)
{
    struct fault fault;
    char *text;
    CHECK(proto_json_write(message, &text, &fault) == STATUS_OK);
    CHECK(text_is_utf8(text_of(text)));
    return text;
}

/* Written, read and written again: the same text, and the same bytes on the wire. */
static void check_message(struct arena *arena, const ProtobufCMessage *message)
{
    struct fault fault;
    ProtobufCMessage *again;
    struct text first, second;
    char *text = write_json(message);
    CHECK(proto_json_read(message->descriptor, text_of(text), NULL, &again, &fault) == STATUS_OK);
    char *text_again = write_json(again);
    CHECK(strcmp(text, text_again) == 0);
    CHECK(wire_pack(message, arena, &first) == STATUS_OK && wire_pack(again, arena, &second) == STATUS_OK);
    CHECK(text_equal(first, second));
    protobuf_c_message_free_unpacked(again, NULL);
    free(text);
    free(text_again);
}

/* The first letter says which message: `a` is the first of cli/topic.h. */
static const struct topic *take_topic(struct text *bytes)
{
    const struct topic *topic = &topics[(size_t)(uint8_t)(bytes->at[0] - 'a') % topic_count];
    *bytes = (struct text){ bytes->at + 1, bytes->length - 1 };
    return topic;
}

void fuzz_json(struct arena *arena, struct text bytes)
{
    ProtobufCMessage *message;
    struct fault fault;
    if (text_is_empty(bytes))
        return;
    const struct topic *topic = take_topic(&bytes);
    enum status status = proto_json_read(topic->message, bytes, NULL, &message, &fault);
    if (status != STATUS_OK) {
        fuzz_check_fault(status, &fault);
        return;
    }
    check_message(arena, message);
    protobuf_c_message_free_unpacked(message, NULL);
}

/* Any topic's bytes, as `settledctl tail` shows them. */
void fuzz_wire(struct arena *arena, struct text bytes)
{
    json_t *json;
    struct fault fault;
    (void)arena;
    if (text_is_empty(bytes))
        return;
    const struct topic *topic = take_topic(&bytes);
    enum status status = line_value(topic, bytes, &json, &fault);
    if (status != STATUS_OK) {
        fuzz_check_fault(status, &fault);
        return;
    }
    char *text = json_dumps(json, JSON_COMPACT);
    CHECK(text != NULL && text_is_utf8(text_of(text)));
    free(text);
    json_decref(json);
}

void fuzz_line(struct arena *arena, struct text bytes)
{
    struct line line;
    struct fault fault;
    ProtobufCMessage *message;
    enum status status = line_read(arena, bytes, &line, &fault);
    if (status != STATUS_OK) {
        fuzz_check_fault(status, &fault);
        return;
    }
    CHECK(line.topic->is_input && text_is_utf8(line.record.key));
    for (size_t i = 0; i < line.record.header_count; i++)
        CHECK(text_is_utf8(line.record.headers[i].name) && text_is_utf8(line.record.headers[i].value));
    status = line_unpack(line.topic, line.record.value, &message, &fault);
    if (status != STATUS_OK) {
        fuzz_check_fault(status, &fault);
        return;
    }
    json_t *json;
    if (line_value(line.topic, line.record.value, &json, &fault) == STATUS_OK)
        json_decref(json);
    else
        fuzz_check_fault(fault.status, &fault);
    protobuf_c_message_free_unpacked(message, NULL);
}
