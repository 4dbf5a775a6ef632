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
    if (wire->grant_fen == 0) /* an announcement of a grant need not close anything */
        message_text_given(check, text_of(wire->period), "period");
    if (wire->grant_fen != 0)
        message_text_given(check, text_of(wire->grant_on), "grant_on");
}

static void days_read(struct message_check *check, const Settled__V1__PeriodClose *wire, struct period_close *close)
{
    close->recorded_at = message_instant_read(check, wire->recorded_at, "recorded_at");
    if (check->status != STATUS_OK)
        return;
    if (wire->period[0] != '\0') {
        struct message_period period = message_period_read(check, text_of(wire->period), "period");
        close->year = period.year;
        close->month = period.month;
    }
    close->closed_on = instant_day(close->recorded_at);
    if (wire->closed_on[0] != '\0')
        close->closed_on = message_day_read(check, text_of(wire->closed_on), "closed_on");
    if (wire->grant_fen != 0)
        close->grant_on = message_day_read(check, text_of(wire->grant_on), "grant_on");
}

static struct text bytes_read(const ProtobufCBinaryData *bytes)
{
    return bytes->len == 0 ? TEXT_EMPTY : (struct text){ (const char *)bytes->data, bytes->len };
}

static void values_read(struct message_check *check, const Settled__V1__PeriodClose *wire, struct period_close *close)
{
    const struct message_amount grant = { wire->grant_fen, "grant_fen" };
    if (wire->partition < 0)
        message_refuse(check, STATUS_BAD_VALUE, "partition");
    if (wire->cursor.len > CURSOR_LIMIT)
        message_refuse(check, STATUS_BAD_VALUE, "cursor");
    if (wire->until.len > CURSOR_LIMIT)
        message_refuse(check, STATUS_BAD_VALUE, "until");
    if (wire->listed < 0)
        message_refuse(check, STATUS_BAD_VALUE, "listed");
    message_amounts_check(check, &grant, 1);
    close->grant = MONEY_FEN(wire->grant_fen);
    close->partition = wire->partition;
    close->cursor = bytes_read(&wire->cursor);
    close->until = bytes_read(&wire->until);
    close->listed = wire->listed;
    close->ended = wire->ended != 0;
}

static struct told told_read(struct message_check *check, const Settled__V1__PeriodClose__Told *wire)
{
    struct told told = { .kind = message_term_read(check, TERM_WATCH, (int)wire->kind, "told.kind", 0),
        .year = (int16_t)wire->year,
        .warning_id = text_of(wire->warning_id),
        .subject_id = text_of(wire->subject_id) };
    message_value_given(check, wire->year > 0 && wire->year <= 9999, "told.year");
    if (wire->period[0] != '\0')
        told.month = message_period_read(check, text_of(wire->period), "told.period").month;
    if (wire->reply_due_on[0] != '\0')
        told.reply_due_on = message_day_read(check, text_of(wire->reply_due_on), "told.reply_due_on");
    return told;
}

static enum status told_all_read(
    struct message_check *check, struct arena *arena, const Settled__V1__PeriodClose *wire, struct period_close *close)
{
    struct period_told *all = ARENA_ARRAY(arena, wire->n_told + 1, struct period_told);
    if (all == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < wire->n_told; i++) {
        message_text_given(check, text_of(wire->told[i]->person_id), "told.person_id");
        message_text_given(check, text_of(wire->told[i]->warning_id), "told.warning_id");
        message_person_check(check, text_of(wire->told[i]->person_id), "told.person_id");
        all[i] = (struct period_told){ text_of(wire->told[i]->person_id), told_read(check, wire->told[i]) };
    }
    close->told = all;
    close->told_count = wire->n_told;
    return STATUS_OK;
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
    struct period_close close = { .event_id = text_of(wire->event_id), .region = text_of(wire->region) };
    given_check(&check, wire);
    message_region_read(&check, context, close.region, &close.pack);
    days_read(&check, wire, &close);
    values_read(&check, wire, &close);
    status = told_all_read(&check, arena, wire, &close);
    if (status != STATUS_OK)
        return status;
    if (check.status == STATUS_OK)
        *ret_close = close;
    return check.status;
}

bool consumer_period_close_is_internal(const struct period_close *close)
{
    return !text_is_empty(close->cursor) || !text_is_empty(close->until) || close->ended || close->told_count != 0;
}

static void bytes_fill(struct arena *arena, struct text bytes, ProtobufCBinaryData *ret_data)
{
    *ret_data = (ProtobufCBinaryData){ bytes.length, (uint8_t *)wire_text(arena, bytes) };
}

static Settled__V1__PeriodClose__Told *told_wire(struct arena *arena, const struct period_told *noted)
{
    const struct told *told = &noted->told;
    Settled__V1__PeriodClose__Told *wire = ARENA_NEW(arena, Settled__V1__PeriodClose__Told);
    if (wire == NULL)
        return NULL;
    settled__v1__period_close__told__init(wire);
    wire->person_id = wire_text(arena, noted->person_id);
    wire->kind = (Settled__V1__Warning__Kind)told->kind;
    wire->warning_id = wire_text(arena, told->warning_id);
    wire->year = told->year;
    if (told->month != 0) {
        char period[MESSAGE_PERIOD_SIZE];
        message_period_format((struct message_period){ told->year, told->month }, period);
        wire->period = wire_text(arena, text_of(period));
    }
    if (told->kind == WATCH_CROSSED)
        wire->reply_due_on = message_day_text(arena, told->reply_due_on);
    wire->subject_id = wire_text(arena, told->subject_id);
    return wire;
}

static enum status told_fill(Settled__V1__PeriodClose *wire, struct arena *arena, const struct period_close *close)
{
    wire->told = ARENA_ARRAY(arena, close->told_count + 1, Settled__V1__PeriodClose__Told *);
    if (wire->told == NULL)
        return STATUS_ARENA_FULL;
    for (; wire->n_told < close->told_count; wire->n_told++) {
        wire->told[wire->n_told] = told_wire(arena, &close->told[wire->n_told]);
        if (wire->told[wire->n_told] == NULL)
            return STATUS_ARENA_FULL;
    }
    return STATUS_OK;
}

enum status consumer_period_close_encode(const struct period_close *close, struct arena *arena, struct text *ret_value)
{
    char period[MESSAGE_PERIOD_SIZE];
    Google__Protobuf__Timestamp recorded_at;
    Settled__V1__PeriodClose wire = SETTLED__V1__PERIOD_CLOSE__INIT;
    wire.event_id = wire_text(arena, close->event_id);
    wire.recorded_at = message_timestamp(close->recorded_at, &recorded_at);
    wire.region = wire_text(arena, close->region);
    if (close->year != 0)
        wire.period = wire_text(
            arena, text_of(message_period_format((struct message_period){ close->year, close->month }, period)));
    wire.closed_on = message_day_text(arena, close->closed_on);
    wire.grant_fen = close->grant.fen;
    if (close->grant.fen != 0)
        wire.grant_on = message_day_text(arena, close->grant_on);
    wire.partition = close->partition;
    bytes_fill(arena, close->cursor, &wire.cursor);
    bytes_fill(arena, close->until, &wire.until);
    wire.listed = close->listed;
    wire.ended = close->ended;
    enum status status = told_fill(&wire, arena, close);
    return status == STATUS_OK ? wire_pack(&wire.base, arena, ret_value) : status;
}
