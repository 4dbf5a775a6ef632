#include "producers/rejection.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <stdio.h>

#define ERROR_HEADER_COUNT 5
#define DETAIL_SIZE 320
#define NUMBER_SIZE 32

static struct text text_front(struct text text, size_t limit)
{
    return (struct text){ text.at, text.length < limit ? text.length : limit };
}

static struct text number_text(struct arena *arena, int64_t number)
{
    char digits[NUMBER_SIZE];
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    return text_of(wire_text(arena, text_of(digits)));
}

/* "rejection/discharge/3/42": which record it was, and nothing that changes when it is read again. */
static struct text id_text(struct arena *arena, const struct rejection *rejection)
{
    char id[300];
    snprintf(id, sizeof id, "rejection/%.200s/%d/%lld", rejection->topic, (int)rejection->record->partition,
        (long long)rejection->record->offset);
    return text_of(wire_text(arena, text_of(id)));
}

static struct text detail_text(struct arena *arena, const struct rejection *rejection, const struct fault *fault)
{
    char detail[DETAIL_SIZE];
    size_t length = rejection->record->value.length;
    if (length <= REJECTION_PAYLOAD_LIMIT)
        return text_of(wire_text(arena, text_of(fault->text)));
    snprintf(detail, sizeof detail, "%s; payload cut to %d of %zu bytes", fault->text, REJECTION_PAYLOAD_LIMIT, length);
    return text_of(wire_text(arena, text_of(detail)));
}

static void error_headers_write(
    struct arena *arena, const struct rejection *rejection, const struct fault *fault, struct log_header *headers)
{
    headers[0] = (struct log_header){ TEXT("__settled.errors.topic"), text_of(rejection->topic) };
    headers[1] =
        (struct log_header){ TEXT("__settled.errors.partition"), number_text(arena, rejection->record->partition) };
    headers[2] = (struct log_header){ TEXT("__settled.errors.offset"), number_text(arena, rejection->record->offset) };
    headers[3] = (struct log_header){ TEXT("__settled.errors.reason"), text_of(status_name(fault->status)) };
    headers[4] = (struct log_header){ TEXT("__settled.errors.message"), detail_text(arena, rejection, fault) };
}

/* Behind the input's headers, so that a reader who takes the last of a name reads ours. A traceparent is among the
 * input's. */
static enum status headers_fill(
    struct arena *arena, const struct rejection *rejection, const struct fault *fault, struct log_output *output)
{
    size_t count = log_headers_passed(rejection->record), more;
    size_t room = count + ERROR_HEADER_COUNT + ENVELOPE_HEADER_LIMIT;
    struct log_header *headers = ARENA_ARRAY(arena, room, struct log_header);
    if (headers == NULL)
        return STATUS_ARENA_FULL;
    if (count != 0)
        memcpy(headers, rejection->record->headers, count * sizeof *headers);
    error_headers_write(arena, rejection, fault, headers + count);
    count += ERROR_HEADER_COUNT;
    struct envelope envelope = { .type = "settled.v1.Rejection", .id = id_text(arena, rejection), .at = rejection->at };
    enum status status = producer_envelope_headers(arena, &envelope, headers + count, &more);
    if (status != STATUS_OK)
        return status;
    output->headers = headers;
    output->header_count = count + more;
    return STATUS_OK;
}

/* protobuf-c takes what it packs as not const, and leaves it as it is. */
static ProtobufCBinaryData binary(struct text bytes)
{
    union {
        const char *given;
        uint8_t *taken;
    } at = { bytes.at };
    return (ProtobufCBinaryData){ bytes.length, at.taken };
}

static enum status value_fill(
    struct arena *arena, const struct rejection *rejection, const struct fault *fault, struct log_output *output)
{
    const struct log_record *record = rejection->record;
    Google__Protobuf__Timestamp emitted_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Settled__V1__Rejection wire = SETTLED__V1__REJECTION__INIT;
    emitted_at.seconds = rejection->at.seconds;
    emitted_at.nanos = rejection->at.nanos;
    wire.topic = wire_text(arena, text_of(rejection->topic));
    wire.partition = record->partition;
    wire.offset = record->offset;
    wire.key = binary(output->key);
    wire.reason = wire_text(arena, text_of(status_name(fault->status)));
    wire.field = wire_text(arena, text_of(fault->field));
    wire.detail = wire_text(arena, detail_text(arena, rejection, fault));
    wire.payload = binary(text_front(record->value, REJECTION_PAYLOAD_LIMIT));
    wire.emitted_at = &emitted_at;
    return wire_pack(&wire.base, arena, &output->value);
}

enum status producer_rejection_emit(
    struct outputs *outputs, const struct rejection *rejection, const struct fault *fault)
{
    struct log_output output = {
        .topic = "rejection", .partition = -1, .key = text_front(rejection->record->key, REJECTION_KEY_LIMIT)
    };
    enum status status = value_fill(outputs->arena, rejection, fault, &output);
    if (status == STATUS_OK)
        status = headers_fill(outputs->arena, rejection, fault, &output);
    if (status == STATUS_OK)
        status = outputs_add(outputs, &output);
    return status;
}
