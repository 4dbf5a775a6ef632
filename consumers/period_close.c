#include "consumers/period_close.h"

#include "consumers/message_check.h"
#include "proto/wire.h"

/** We write the cursor ourselves: a place in an index of keys. */
#define CURSOR_LIMIT 512

static void given_check(struct message_check *check, const Settled__V1__PeriodClose *wire)
{
    message_text_given(check, text_of(wire->event_id), "event_id");
    message_value_given(check, wire->recorded_at != NULL, "recorded_at");
    message_text_given(check, text_of(wire->region), "region");
    message_text_given(check, text_of(wire->period), "period");
    if (wire->grant_fen != 0)
        message_text_given(check, text_of(wire->grant_on), "grant_on");
}

static void days_read(struct message_check *check, const Settled__V1__PeriodClose *wire, struct period_close *close)
{
    close->recorded_at = message_instant_read(check, wire->recorded_at, "recorded_at");
    if (check->status != STATUS_OK)
        return;
    struct message_period period = message_period_read(check, text_of(wire->period), "period");
    close->year = period.year;
    close->month = period.month;
    close->closed_on = instant_day(close->recorded_at);
    if (wire->closed_on[0] != '\0')
        close->closed_on = message_day_read(check, text_of(wire->closed_on), "closed_on");
    if (wire->grant_fen != 0)
        close->grant_on = message_day_read(check, text_of(wire->grant_on), "grant_on");
}

static void values_read(struct message_check *check, const Settled__V1__PeriodClose *wire, struct period_close *close)
{
    const struct message_amount grant = { wire->grant_fen, "grant_fen" };
    if (wire->partition < 0)
        message_refuse(check, STATUS_BAD_VALUE, "partition");
    if (wire->cursor.len > CURSOR_LIMIT)
        message_refuse(check, STATUS_BAD_VALUE, "cursor");
    message_amounts_check(check, &grant, 1);
    close->grant = MONEY_FEN(wire->grant_fen);
    close->partition = wire->partition;
    if (wire->cursor.len != 0)
        close->cursor = (struct text){ (const char *)wire->cursor.data, wire->cursor.len };
}

enum status consumer_period_close_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct period_close *ret_close, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__period_close__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__PeriodClose *wire = (const Settled__V1__PeriodClose *)unpacked;
    struct message_check check = { STATUS_OK, fault };
    struct period_close close = {
        .event_id = text_of(wire->event_id), .region = text_of(wire->region), .cursor = TEXT_EMPTY
    };
    given_check(&check, wire);
    message_region_read(&check, context, close.region, &close.pack);
    days_read(&check, wire, &close);
    values_read(&check, wire, &close);
    if (check.status == STATUS_OK)
        *ret_close = close;
    return check.status;
}

enum status consumer_period_close_encode(const struct period_close *close, struct arena *arena, struct text *ret_value)
{
    char period[MESSAGE_PERIOD_SIZE];
    Google__Protobuf__Timestamp recorded_at;
    Settled__V1__PeriodClose wire = SETTLED__V1__PERIOD_CLOSE__INIT;
    message_period_format((struct message_period){ close->year, close->month }, period);
    wire.event_id = wire_text(arena, close->event_id);
    wire.recorded_at = message_timestamp(close->recorded_at, &recorded_at);
    wire.region = wire_text(arena, close->region);
    wire.period = wire_text(arena, text_of(period));
    wire.closed_on = message_day_text(arena, close->closed_on);
    wire.grant_fen = close->grant.fen;
    if (close->grant.fen != 0)
        wire.grant_on = message_day_text(arena, close->grant_on);
    wire.partition = close->partition;
    wire.cursor.data = (uint8_t *)wire_text(arena, close->cursor);
    wire.cursor.len = close->cursor.length;
    return wire_pack(&wire.base, arena, ret_value);
}
