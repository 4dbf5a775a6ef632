#include "producers/payment_request.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

static struct text one_digit(const uint8_t *term, char *buffer)
{
    *buffer = (char)('A' + *term);
    return (struct text){ buffer, 1 };
}

static Google__Protobuf__Timestamp timestamp_of(instant at)
{
    Google__Protobuf__Timestamp timestamp = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    timestamp.seconds = at.seconds;
    timestamp.nanos = at.nanos;
    return timestamp;
}

static void add_payee(struct arena *arena, const struct fund_payee *payee, Settled__V1__PaymentRequest *message)
{
    message->payee = (Settled__V1__PaymentRequest__Payee)payee->kind;
    if (payee->kind == PAYEE_INSTITUTION) {
        message->institution_code = wire_text(arena, payee->id);
        message->institution_name = wire_text(arena, payee->name);
    } else {
        message->person_id = wire_text(arena, payee->id);
        message->name = wire_text(arena, payee->name);
    }
}

enum status producer_payment_request_emit(
    struct outputs *outputs, const struct producer_cause *cause, struct text region, const struct fund_sum *sum)
{
    char fund, kind, month[FUND_MONTH_TEXT_SIZE];
    Settled__V1__PaymentRequest message = SETTLED__V1__PAYMENT_REQUEST__INIT;
    Google__Protobuf__Timestamp emitted_at = timestamp_of(cause->emitted_at);
    const struct text parts[] = { region, one_digit(&sum->fund, &fund), text_of(fund_month_format(sum->month, month)),
        one_digit(&sum->payee.kind, &kind), sum->payee.id };
    message.payment_request_id = producer_id(outputs->arena, cause, parts, COUNT_OF(parts));
    if (message.payment_request_id == NULL)
        return STATUS_ARENA_FULL;
    message.region = wire_text(outputs->arena, region);
    message.fund = (Settled__V1__Settlement__Line__Fund)sum->fund;
    message.month = month;
    add_payee(outputs->arena, &sum->payee, &message);
    message.amount_fen = sum->amount.fen;
    message.settlements = (int64_t)sum->settlements;
    message.emitted_at = &emitted_at;
    const struct envelope envelope = { .topic = "payment-request",
        .type = "settled.v1.PaymentRequest",
        .id = text_of(message.payment_request_id),
        .region = region,
        .at = cause->emitted_at,
        .key = region,
        .cause = cause->record };
    return producer_envelope_emit(outputs, &envelope, &message.base);
}

enum status producer_fund_short_emit(
    struct outputs *outputs, const struct producer_cause *cause, const struct producer_shortage *shortage)
{
    char fund, month[FUND_MONTH_TEXT_SIZE];
    Settled__V1__Warning message = SETTLED__V1__WARNING__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    Google__Protobuf__Timestamp emitted_at = timestamp_of(cause->emitted_at);
    const struct text parts[] = { shortage->region, TEXT("FUND_SHORT"), one_digit(&shortage->fund, &fund),
        text_of(fund_month_format(shortage->month, month)) };
    message.warning_id = producer_id(outputs->arena, cause, parts, COUNT_OF(parts));
    if (message.warning_id == NULL)
        return STATUS_ARENA_FULL;
    message.region = wire_text(outputs->arena, shortage->region);
    message.kind = SETTLED__V1__WARNING__KIND__FUND_SHORT;
    message.year = fund_month_year(shortage->month);
    message.period = month;
    message.fund = (Settled__V1__Settlement__Line__Fund)shortage->fund;
    message.balance_fen = shortage->balance.fen;
    message.threshold_fen = shortage->needed.fen;
    trigger.topic = (char *)(uintptr_t)cause->topic;
    trigger.partition = cause->record->partition;
    trigger.offset = cause->record->offset;
    message.trigger = &trigger;
    message.emitted_at = &emitted_at;
    const struct envelope envelope = { .topic = "warning",
        .type = "settled.v1.Warning",
        .id = text_of(message.warning_id),
        .region = shortage->region,
        .at = cause->emitted_at,
        .key = shortage->region,
        .cause = cause->record };
    return producer_envelope_emit(outputs, &envelope, &message.base);
}
