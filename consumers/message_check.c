#include "consumers/message_check.h"

#include "consumers/person_id.h"
#include "proto/wire.h"

#include <stdio.h>

#define DAY_SECONDS 86400

void message_refuse(struct message_check *check, enum status status, const char *field)
{
    if (check->status == STATUS_OK)
        check->status = fault_set(check->fault, status, field, "%s", status_sentence(status));
}

void message_head_given(struct message_check *check, const struct message_head *head)
{
    message_text_given(check, head->event_id, "event_id");
    message_text_given(check, head->source, "source");
    message_value_given(check, head->recorded_at != NULL, "recorded_at");
    message_text_given(check, head->region, "region");
    message_text_given(check, head->person_id, "person_id");
}

void message_person_read(struct message_check *check, const struct message_head *head, struct message *message)
{
    message_person_check(check, head->person_id, "person_id");
    message->person_id = head->person_id;
    message->region = head->region;
}

void message_region_read(struct message_check *check, const struct consumer_context *context, struct text region,
    const struct policy_pack **ret_pack)
{
    *ret_pack = policy_packs_find(context->packs, region);
    if (*ret_pack == NULL)
        message_refuse(check, STATUS_UNKNOWN_REGION, "region");
}

void message_identity_read(struct message_check *check, const struct message_head *head, struct fact *fact)
{
    fact->event_id = head->event_id;
    fact->source = head->source;
    fact->recorded_at = message_instant_read(check, head->recorded_at, "recorded_at");
}

void message_text_given(struct message_check *check, struct text text, const char *field)
{
    message_value_given(check, !text_is_empty(text), field);
}

void message_value_given(struct message_check *check, bool given, const char *field)
{
    if (!given)
        message_refuse(check, STATUS_MISSING_FIELD, field);
}

void message_person_check(struct message_check *check, struct text id, const char *field)
{
    if (!person_id_is_valid(id))
        message_refuse(check, STATUS_BAD_PERSON_ID, field);
}

uint8_t message_term_read(struct message_check *check, enum term list, int value, const char *field, uint8_t fallback)
{
    if (value == 0)
        return fallback;
    if (term_name(list, value)[0] == '\0')
        message_refuse(check, STATUS_UNKNOWN_ENUM, field);
    return (uint8_t)value;
}

void message_range_check(struct message_check *check, int value, int last, const char *field)
{
    if (value < 0 || value > last)
        message_refuse(check, STATUS_UNKNOWN_ENUM, field);
}

instant message_instant_read(
    struct message_check *check, const Google__Protobuf__Timestamp *timestamp, const char *field)
{
    if (timestamp == NULL)
        return (instant){ 0, 0 };
    if (timestamp->seconds < INSTANT_FIRST_SECONDS || timestamp->seconds > INSTANT_LAST_SECONDS || timestamp->nanos < 0
        || timestamp->nanos > 999999999)
        message_refuse(check, STATUS_BAD_DATE, field);
    return (instant){ timestamp->seconds, timestamp->nanos };
}

day message_day_read(struct message_check *check, struct text text, const char *field)
{
    day d = { 0 };
    if (!day_parse(text.at, text.length, &d))
        message_refuse(check, STATUS_BAD_DATE, field);
    return d;
}

/* A period is the front of a date: completed to its first day it must be a real one. */
struct message_period message_period_read(struct message_check *check, struct text text, const char *field)
{
    char first[] = "0000-01-01";
    day d = { 0 };
    bool has_month = text.length == 7;
    if (has_month || text.length == 4)
        memcpy(first, text.at, text.length);
    if (!day_parse(first, sizeof first - 1, &d))
        message_refuse(check, STATUS_BAD_DATE, field);
    struct day_parts parts = day_parts(d);
    return (struct message_period){ (int16_t)parts.year, (int8_t)(has_month ? parts.month : 0) };
}

char *message_period_format(struct message_period period, char *buffer)
{
    char text[DAY_TEXT_SIZE];
    day_format(day_of(period.year, period.month == 0 ? 1 : period.month, 1), text);
    snprintf(buffer, MESSAGE_PERIOD_SIZE, "%.*s", period.month == 0 ? 4 : 7, text);
    return buffer;
}

void message_amounts_check(struct message_check *check, const struct message_amount *amounts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (amounts[i].fen < 0)
            message_refuse(check, STATUS_NEGATIVE_AMOUNT, amounts[i].field);
    for (size_t i = 0; i < count; i++)
        if (amounts[i].fen > MONEY_LIMIT_FEN)
            message_refuse(check, STATUS_AMOUNT_TOO_LARGE, amounts[i].field);
}

void message_delta_check(struct message_check *check, int64_t fen, const char *field)
{
    if (fen > MONEY_LIMIT_FEN || fen < -MONEY_LIMIT_FEN)
        message_refuse(check, STATUS_AMOUNT_TOO_LARGE, field);
}

void message_past_check(struct message_check *check, instant at, instant recorded_at, const char *field)
{
    instant latest = { recorded_at.seconds + DAY_SECONDS, recorded_at.nanos };
    if (check->status == STATUS_OK && instant_cmp(at, latest) > 0)
        message_refuse(check, STATUS_IN_THE_FUTURE, field);
}

Google__Protobuf__Timestamp *message_timestamp(instant at, Google__Protobuf__Timestamp *storage)
{
    google__protobuf__timestamp__init(storage);
    storage->seconds = at.seconds;
    storage->nanos = at.nanos;
    return storage;
}

char *message_day_text(struct arena *arena, day d)
{
    char text[DAY_TEXT_SIZE];
    return wire_text(arena, text_of(day_format(d, text)));
}
