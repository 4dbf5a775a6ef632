#include "producers/envelope.h"

#include "proto/wire.h"

#define SOURCE_ROOT "/settled"
#define TRACEPARENT_BYTES_MAX 128 /* W3C's first version has 55; later ones may be longer */

static struct text source_text(struct arena *arena, struct text region)
{
    if (text_is_empty(region))
        return TEXT(SOURCE_ROOT);
    size_t root = sizeof SOURCE_ROOT - 1, length = root + 1 + region.length;
    char *source = arena_take(arena, length);
    if (source == NULL)
        return TEXT_EMPTY;
    memcpy(source, SOURCE_ROOT "/", root + 1);
    memcpy(source + root + 1, region.at, region.length);
    return (struct text){ source, length };
}

static struct text time_text(struct arena *arena, instant at)
{
    char *time = arena_take(arena, INSTANT_TEXT_SIZE);
    return time == NULL ? TEXT_EMPTY : text_of(instant_format(at, time));
}

/* One that is longer than any of its kind is none: it could make the output larger than a broker takes. */
static const struct log_header *traceparent_of(const struct log_record *record)
{
    for (size_t i = 0; record != NULL && i < record->header_count; i++)
        if (text_equal(record->headers[i].name, TEXT("traceparent")))
            return record->headers[i].value.length <= TRACEPARENT_BYTES_MAX ? &record->headers[i] : NULL;
    return NULL;
}

enum status producer_envelope_headers(
    struct arena *arena, const struct envelope *envelope, struct log_header *headers, size_t *ret_count)
{
    size_t count = 0;
    headers[count++] = (struct log_header){ TEXT("ce_specversion"), TEXT("1.0") };
    headers[count++] = (struct log_header){ TEXT("ce_id"), envelope->id };
    headers[count++] = (struct log_header){ TEXT("ce_source"), source_text(arena, envelope->region) };
    headers[count++] = (struct log_header){ TEXT("ce_type"), text_of(envelope->type) };
    headers[count++] = (struct log_header){ TEXT("ce_time"), time_text(arena, envelope->at) };
    headers[count++] = (struct log_header){ TEXT("content-type"), TEXT("application/protobuf") };
    const struct log_header *trace = traceparent_of(envelope->cause);
    if (trace != NULL)
        headers[count++] = *trace;
    if (arena_is_full(arena))
        return STATUS_ARENA_FULL;
    *ret_count = count;
    return STATUS_OK;
}

enum status producer_envelope_emit(
    struct outputs *outputs, const struct envelope *envelope, const ProtobufCMessage *message)
{
    struct arena *arena = outputs->arena;
    struct log_output output = { .topic = envelope->topic, .partition = -1, .key = envelope->key };
    struct log_header *headers = ARENA_ARRAY(arena, ENVELOPE_HEADER_LIMIT, struct log_header);
    if (headers == NULL)
        return STATUS_ARENA_FULL;
    enum status status = producer_envelope_headers(arena, envelope, headers, &output.header_count);
    if (status != STATUS_OK)
        return status;
    status = wire_pack(message, arena, &output.value);
    if (status != STATUS_OK)
        return status;
    output.headers = headers;
    return outputs_add(outputs, &output);
}
