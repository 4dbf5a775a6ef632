#include "consumers/fund_entry.h"

#include "consumers/message_check.h"
#include "proto/wire.h"

/** We write the cursor ourselves: a month, a fund and a number. */
#define CURSOR_LIMIT 64

static void payment_read(struct message_check *check, struct arena *arena, const Settled__V1__FundEntry__Payment *wire,
    struct fund_payment *payment)
{
    struct fund_part *parts = ARENA_ARRAY(arena, wire->n_parts + 1, struct fund_part);
    if (parts == NULL) {
        check->status = STATUS_ARENA_FULL;
        return;
    }
    payment->settlement_id = text_of(wire->settlement_id);
    message_value_given(check, wire->payee != 0, "payment.payee");
    payment->payee.kind = message_term_read(check, TERM_PAYEE, (int)wire->payee, "payment.payee", 0);
    bool is_institution = payment->payee.kind == PAYEE_INSTITUTION;
    payment->payee.id = text_of(is_institution ? wire->institution_code : wire->person_id);
    payment->payee.name = text_of(is_institution ? wire->institution_name : wire->name);
    for (size_t i = 0; i < wire->n_parts; i++) {
        parts[i].rule = text_of(wire->parts[i]->rule);
        message_value_given(check, wire->parts[i]->fund != 0, "payment.parts.fund");
        parts[i].fund = message_term_read(check, TERM_FUND, (int)wire->parts[i]->fund, "payment.parts.fund", 0);
        message_delta_check(check, wire->parts[i]->amount_fen, "payment.parts.amount_fen");
        parts[i].amount = MONEY_FEN(wire->parts[i]->amount_fen);
    }
    payment->parts = parts;
    payment->part_count = wire->n_parts;
}

static void income_read(struct message_check *check, const Settled__V1__FundEntry__Income *wire, struct fund_row *row)
{
    const struct message_amount amount = { wire->amount_fen, "income.amount_fen" };
    row->roster_id = text_of(wire->roster_id);
    message_value_given(check, wire->fund != 0, "income.fund");
    message_value_given(check, wire->source != 0, "income.source");
    row->fund = message_term_read(check, TERM_FUND, (int)wire->fund, "income.fund", 0);
    row->source = message_term_read(check, TERM_INCOME, (int)wire->source, "income.source", 0);
    message_amounts_check(check, &amount, 1);
    row->amount = MONEY_FEN(wire->amount_fen);
    row->on = message_day_read(check, text_of(wire->date), "income.date");
    row->removed = wire->removed;
}

static void close_read(struct message_check *check, const Settled__V1__FundEntry__Close *wire, struct fund_close *close)
{
    struct message_period period = message_period_read(check, text_of(wire->period), "close.period");
    close->year = period.year;
    close->month = period.month;
    close->cursor = TEXT_EMPTY;
    if (wire->cursor.len > CURSOR_LIMIT)
        message_refuse(check, STATUS_BAD_VALUE, "close.cursor");
    else if (wire->cursor.len != 0)
        close->cursor = (struct text){ (const char *)wire->cursor.data, wire->cursor.len };
}

static void kind_read(
    struct message_check *check, struct arena *arena, const Settled__V1__FundEntry *wire, struct fund_entry *entry)
{
    if (wire->payment != NULL) {
        entry->kind = FUND_ENTRY_PAYMENT;
        payment_read(check, arena, wire->payment, &entry->payment);
    } else if (wire->income != NULL) {
        entry->kind = FUND_ENTRY_INCOME;
        income_read(check, wire->income, &entry->row);
    } else {
        entry->kind = FUND_ENTRY_CLOSE;
        message_value_given(check, wire->close != NULL, "payment");
        if (check->status == STATUS_OK)
            close_read(check, wire->close, &entry->close);
    }
}

enum status consumer_fund_entry_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct fund_entry *ret_entry, const struct policy_pack **ret_pack, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__fund_entry__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__FundEntry *wire = (const Settled__V1__FundEntry *)unpacked;
    struct message_check check = { STATUS_OK, fault };
    struct fund_entry entry = { .region = text_of(wire->region) };
    const struct policy_pack *pack = NULL;
    message_value_given(&check, wire->recorded_at != NULL, "recorded_at");
    message_region_read(&check, context, entry.region, &pack);
    entry.recorded_at = message_instant_read(&check, wire->recorded_at, "recorded_at");
    if (check.status == STATUS_OK)
        kind_read(&check, arena, wire, &entry);
    if (check.status == STATUS_OK) {
        *ret_entry = entry;
        *ret_pack = pack;
    }
    return check.status;
}
