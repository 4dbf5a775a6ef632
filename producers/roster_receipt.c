#include "producers/roster_receipt.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <stdio.h>

typedef Settled__V1__RosterReceipt receipt_message;
typedef Settled__V1__RosterReceipt__RefusedRow row_message;

/* One clause that a clerk can act on; what has none here speaks for itself. */
static const char *detail(enum status reason)
{
    static const struct {
        enum status reason;
        const char *chinese;
    } details[] = {
        { STATUS_BAD_PERSON_ID, "公民身份号码不符合国家标准" },
        { STATUS_MISSING_FIELD, "姓名为空" },
        { STATUS_NAME_MISMATCH, "姓名与现有名单不一致；确已更正的，请注明已更正" },
        { STATUS_DUPLICATE_ROW, "名单中已有此人的同一事项" },
        { STATUS_BAD_ATTRIBUTE, "该项缺失或无法识别" },
        { STATUS_AMOUNT_MISMATCH, "金额与规定的缴费标准不符" },
    };
    for (size_t i = 0; i < COUNT_OF(details); i++)
        if (details[i].reason == reason)
            return details[i].chinese;
    return "";
}

/* The texts of reasons and fields live for ever; protobuf-c only reads them, though its pointers do not say so. */
static char *lend(const char *text)
{
    return (char *)(uintptr_t)text;
}

static enum status add_rows(struct arena *arena, const struct producer_receipt *receipt, receipt_message *message)
{
    row_message *rows = ARENA_ARRAY(arena, receipt->refusal_count, row_message);
    message->refused_rows = ARENA_ARRAY(arena, receipt->refusal_count, row_message *);
    if (rows == NULL || message->refused_rows == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < receipt->refusal_count; i++) {
        const struct roster_refusal *refusal = &receipt->refusals[i];
        settled__v1__roster_receipt__refused_row__init(&rows[i]);
        rows[i].part = refusal->part;
        rows[i].row = refusal->row;
        rows[i].person_id = wire_text(arena, refusal->person_id);
        rows[i].reason = lend(status_name(refusal->reason));
        rows[i].field = lend(roster_field_name(refusal->field));
        rows[i].detail = lend(detail(refusal->reason));
        message->refused_rows[i] = &rows[i];
    }
    message->n_refused_rows = receipt->refusal_count;
    return STATUS_OK;
}

static void add_header(struct arena *arena, const struct roster_header *header, receipt_message *message)
{
    message->roster_id = wire_text(arena, header->roster_id);
    message->source = wire_text(arena, header->source);
    message->region = wire_text(arena, header->region);
    message->department = wire_text(arena, header->department);
    message->kind = (Settled__V1__RosterUpdate__Kind)header->kind;
    message->category = (Settled__V1__IdentityChange__Category)header->category;
    message->mode = (Settled__V1__RosterUpdate__Mode)header->mode;
    char stated_on[DAY_TEXT_SIZE];
    message->stated_on = wire_text(arena, text_of(day_format(header->stated_on, stated_on)));
    message->parts = header->parts;
}

static void add_counts(const struct roster_counts *counts, receipt_message *message)
{
    message->rows = counts->rows;
    message->taken = counts->taken;
    message->refused = counts->refused;
    message->granted = counts->granted;
    message->revoked = counts->revoked;
    message->unchanged = counts->unchanged;
}

static void put_hex(char *to, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}

/* The list, and which of its receipts; or the list and the content that came too late. A replay gives the same. */
static struct text id_text(struct arena *arena, const struct producer_receipt *receipt)
{
    char list[2 * sizeof receipt->list->bytes + 1], what[2 * ROSTER_DIGEST_SIZE + 1], id[80];
    put_hex(list, receipt->list->bytes, sizeof receipt->list->bytes);
    if (receipt->differing != NULL)
        put_hex(what, receipt->differing->bytes, ROSTER_DIGEST_SIZE);
    else
        snprintf(what, sizeof what, "%d", (int)receipt->number);
    snprintf(id, sizeof id, "%s/%s", list, what);
    return text_of(wire_text(arena, text_of(id)));
}

enum status producer_roster_receipt_emit(struct outputs *outputs, const struct producer_receipt *receipt)
{
    struct arena *arena = outputs->arena;
    receipt_message message = SETTLED__V1__ROSTER_RECEIPT__INIT;
    Google__Protobuf__Timestamp emitted_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    bool is_refused = receipt->reason != STATUS_OK;
    struct text id = id_text(arena, receipt);
    message.receipt_id = lend(id.at);
    add_header(arena, receipt->header, &message);
    message.outcome =
        is_refused ? SETTLED__V1__ROSTER_RECEIPT__OUTCOME__REFUSED : SETTLED__V1__ROSTER_RECEIPT__OUTCOME__TAKEN;
    message.reason = lend(is_refused ? status_name(receipt->reason) : "");
    add_counts(&receipt->counts, &message);
    message.number = receipt->number;
    message.numbers = receipt->numbers;
    emitted_at.seconds = receipt->emitted_at.seconds;
    emitted_at.nanos = receipt->emitted_at.nanos;
    message.emitted_at = &emitted_at;
    enum status status = add_rows(arena, receipt, &message);
    if (status != STATUS_OK)
        return status;
    const struct envelope envelope = { .topic = "roster-receipt",
        .type = "settled.v1.RosterReceipt",
        .id = id,
        .region = receipt->header->region,
        .at = receipt->emitted_at,
        .key = receipt->roster_key,
        .cause = receipt->cause };
    return producer_envelope_emit(outputs, &envelope, &message.base);
}
