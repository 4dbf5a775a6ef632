#include "producers/fund_entry.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <stdio.h>

#define PART Settled__V1__FundEntry__Payment__Part

/* An entry in the making: the message and where its parts live. */
struct draft {
    struct arena *arena;
    Settled__V1__FundEntry message;
    Settled__V1__FundEntry__Payment payment;
    Settled__V1__FundEntry__Income income;
    Settled__V1__FundEntry__Close close;
    Google__Protobuf__Timestamp recorded_at;
};

static enum status add_parts(struct draft *draft, const struct fund_payment *from)
{
    PART **parts = ARENA_ARRAY(draft->arena, from->part_count + 1, PART *);
    if (parts == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < from->part_count; i++) {
        parts[i] = ARENA_NEW(draft->arena, PART);
        if (parts[i] == NULL)
            return STATUS_ARENA_FULL;
        settled__v1__fund_entry__payment__part__init(parts[i]);
        parts[i]->rule = wire_text(draft->arena, from->parts[i].rule);
        parts[i]->fund = (Settled__V1__Settlement__Line__Fund)from->parts[i].fund;
        parts[i]->amount_fen = from->parts[i].amount.fen;
    }
    draft->payment.parts = parts;
    draft->payment.n_parts = from->part_count;
    return STATUS_OK;
}

static enum status add_payment(struct draft *draft, const struct fund_payment *from)
{
    Settled__V1__FundEntry__Payment *payment = &draft->payment;
    settled__v1__fund_entry__payment__init(payment);
    draft->message.payment = payment;
    payment->settlement_id = wire_text(draft->arena, from->settlement_id);
    payment->payee = (Settled__V1__PaymentRequest__Payee)from->payee.kind;
    if (from->payee.kind == PAYEE_INSTITUTION) {
        payment->institution_code = wire_text(draft->arena, from->payee.id);
        payment->institution_name = wire_text(draft->arena, from->payee.name);
    } else {
        payment->person_id = wire_text(draft->arena, from->payee.id);
        payment->name = wire_text(draft->arena, from->payee.name);
    }
    return add_parts(draft, from);
}

static enum status add_income(struct draft *draft, const struct fund_row *from)
{
    char date[DAY_TEXT_SIZE];
    Settled__V1__FundEntry__Income *income = &draft->income;
    settled__v1__fund_entry__income__init(income);
    draft->message.income = income;
    income->roster_id = wire_text(draft->arena, from->roster_id);
    income->fund = (Settled__V1__Settlement__Line__Fund)from->fund;
    income->source = (Settled__V1__FundEntry__Income__Source)from->source;
    income->amount_fen = from->amount.fen;
    income->date = wire_text(draft->arena, text_of(day_format(from->on, date)));
    income->removed = from->removed;
    return STATUS_OK;
}

static enum status add_close(struct draft *draft, const struct fund_close *from)
{
    char period[FUND_MONTH_TEXT_SIZE];
    Settled__V1__FundEntry__Close *close = &draft->close;
    settled__v1__fund_entry__close__init(close);
    draft->message.close = close;
    if (from->month == 0)
        snprintf(period, sizeof period, "%04d", from->year);
    else
        fund_month_format(FUND_MONTH(from->year, from->month), period);
    close->period = wire_text(draft->arena, text_of(period));
    close->cursor.data = (uint8_t *)wire_text(draft->arena, from->cursor);
    close->cursor.len = from->cursor.length;
    return STATUS_OK;
}

static enum status add_kind(struct draft *draft, const struct fund_entry *entry)
{
    switch ((enum fund_entry_kind)entry->kind) {
    case FUND_ENTRY_PAYMENT:
        return add_payment(draft, &entry->payment);
    case FUND_ENTRY_INCOME:
        return add_income(draft, &entry->row);
    case FUND_ENTRY_CLOSE:
        return add_close(draft, &entry->close);
    }
    return STATUS_INVARIANT_BROKEN;
}

enum status producer_fund_entry_emit(
    struct outputs *outputs, const struct producer_cause *cause, const struct fund_entry *entry, unsigned number)
{
    struct draft draft = { .arena = outputs->arena };
    char place[16];
    int length = snprintf(place, sizeof place, "%u", number);
    const struct text parts[] = { entry->region, { place, (size_t)length } };
    const char *id = producer_id(outputs->arena, cause, parts, COUNT_OF(parts));
    if (id == NULL)
        return STATUS_ARENA_FULL;
    settled__v1__fund_entry__init(&draft.message);
    google__protobuf__timestamp__init(&draft.recorded_at);
    draft.recorded_at.seconds = entry->recorded_at.seconds;
    draft.recorded_at.nanos = entry->recorded_at.nanos;
    draft.message.recorded_at = &draft.recorded_at;
    draft.message.region = wire_text(outputs->arena, entry->region);
    enum status status = add_kind(&draft, entry);
    if (status != STATUS_OK)
        return status;
    const struct envelope envelope = { .topic = FUND_ENTRY_TOPIC,
        .type = "settled.v1.FundEntry",
        .id = text_of(id),
        .region = entry->region,
        .at = entry->recorded_at,
        .key = entry->region,
        .cause = cause->record };
    return producer_envelope_emit(outputs, &envelope, &draft.message.base);
}
