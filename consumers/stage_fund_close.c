/* A month or a year of the funds is over. */
#include "consumers/stage_fund_parts.h"
#include "producers/fund_entry.h"
#include "producers/payment_request.h"
#include "state/bytes.h"

/** Payees told of in one go, but for the last part of an index. */
#define EMIT_MOST 512

/* ---- Payment requests ---- */

static enum status tell_payee(const struct fund_turn *turn, const struct store_key *key)
{
    const struct producer_cause cause = stage_fund_cause(turn);
    struct fund_value *value;
    enum status status = stage_fund_value_get(turn, key, FRAME_FUND_PAYEE, &value);
    if (status != STATUS_OK || value->is_absent)
        return status;
    /* What came and went within the month leaves nothing to pay. */
    if (!money_is_zero(value->sum.amount))
        status = producer_payment_request_emit(turn->turn->outputs, &cause, turn->region, &value->sum);
    stage_fund_value_drop(value);
    return status;
}

static enum status tell_chunk(const struct fund_turn *turn, const struct fund_place *place, size_t *work)
{
    struct store_key key = stage_fund_index_key(turn->stage->config.key_secret, turn->region, place);
    struct fund_value *index;
    enum status status = stage_fund_value_get(turn, &key, FRAME_FUND_INDEX, &index);
    if (status != STATUS_OK || index->is_absent)
        return status;
    status =
        view_fetch(turn->turn->view, turn->record->partition, index->index.keys, index->index.count, turn->turn->fault);
    for (size_t i = 0; i < index->index.count && status == STATUS_OK; i++)
        status = tell_payee(turn, &index->index.keys[i]);
    *work += index->index.count;
    stage_fund_value_drop(index);
    return status;
}

static uint32_t chunks_of(const struct fund_book *book, int month)
{
    for (size_t i = 0; i < book->month_count; i++)
        if (book->months[i].month == month)
            return (book->months[i].payees + FUND_INDEX_SIZE - 1) / FUND_INDEX_SIZE;
    return 0;
}

/* The first place at or after `place`, up to `last`, where payees may stand; false when there is none. */
static bool find_place(const struct fund_ledger *ledger, int last, struct fund_place *place)
{
    for (; place->month <= last; *place = (struct fund_place){ .month = place->month + 1 }) {
        for (size_t i = 0; i < ledger->book_count; i++) {
            const struct fund_book *book = &ledger->books[i];
            uint32_t from = book->fund == place->fund ? place->chunk : 0;
            if (book->fund < place->fund || from >= chunks_of(book, place->month))
                continue;
            place->fund = book->fund;
            place->chunk = from;
            return true;
        }
    }
    return false;
}

static enum status go_on_at(
    const struct fund_turn *turn, const struct fund_entry *entry, const struct fund_place *place)
{
    struct bytes_writer cursor = bytes_writer_of(turn->turn->arena, 16);
    bytes_put_number(&cursor, (uint64_t)place->month);
    bytes_put_number(&cursor, place->fund);
    bytes_put_number(&cursor, place->chunk);
    if (cursor.failed)
        return STATUS_ARENA_FULL;
    struct fund_entry next = *entry;
    next.close.cursor = bytes_written(&cursor);
    const struct producer_cause cause = stage_fund_cause(turn);
    return producer_fund_entry_emit(turn->turn->outputs, &cause, &next, 0);
}

static enum status tell_some(const struct fund_turn *turn, const struct fund_ledger *ledger,
    const struct fund_entry *entry, struct fund_place place)
{
    const struct fund_close *close = &entry->close;
    int last = FUND_MONTH(close->year, close->month == 0 ? 12 : close->month);
    size_t work = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && find_place(ledger, last, &place)) {
        if (work >= EMIT_MOST)
            return go_on_at(turn, entry, &place);
        status = tell_chunk(turn, &place, &work);
        place.chunk++;
    }
    return status;
}

static enum status go_on(const struct fund_turn *turn, const struct fund_ledger *ledger, const struct fund_entry *entry)
{
    struct bytes_reader cursor = bytes_reader_of(entry->close.cursor);
    struct fund_place place = { .month = (int)bytes_get_number(&cursor) };
    place.fund = (uint8_t)bytes_get_number(&cursor);
    place.chunk = (uint32_t)bytes_get_number(&cursor);
    int last = FUND_MONTH(entry->close.year, entry->close.month == 0 ? 12 : entry->close.month);
    if (!bytes_at_end(&cursor) || last >= ledger->open_month)
        return fault_set(turn->turn->fault, STATUS_BAD_VALUE, "close.cursor", "not a place in what is closed");
    return tell_some(turn, ledger, entry, place);
}

/* ---- Warnings ---- */

static enum status warn(const struct fund_turn *turn, const struct fund_ledger *ledger, int month)
{
    const struct producer_cause cause = stage_fund_cause(turn);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ledger->book_count && status == STATUS_OK; i++) {
        const struct fund_book *book = &ledger->books[i];
        const struct producer_shortage shortage = { .region = turn->region,
            .fund = book->fund,
            .month = month,
            .balance = fund_book_balance(book, month),
            .needed = fund_book_needed(book, month) };
        if (fund_book_is_short(book, month))
            status = producer_fund_short_emit(turn->turn->outputs, &cause, &shortage);
    }
    return status;
}

/* ---- Closing ---- */

struct producer_cause stage_fund_cause(const struct fund_turn *turn)
{
    return (struct producer_cause){
        .topic = stage_fund_topics[turn->record->topic], .record = turn->record, .emitted_at = turn->turn->now
    };
}

enum status stage_fund_close(const struct fund_turn *turn, struct fund_value *value, const struct fund_entry *entry)
{
    const struct fund_close *close = &entry->close;
    struct fund_ledger *ledger = &value->ledger;
    if (!text_is_empty(close->cursor))
        return go_on(turn, ledger, entry);
    struct fund_span span =
        fund_ledger_close_months(ledger, FUND_MONTH(close->year, close->month == 0 ? 12 : close->month));
    enum status status = STATUS_OK;
    if (close->month == 0 && ledger->open_year <= close->year) {
        fund_ledger_close_years(ledger, turn->pack, close->year);
        stage_fund_value_keep(value);
    }
    if (span.from > span.to)
        return STATUS_OK;
    stage_fund_value_keep(value);
    status = warn(turn, ledger, span.to);
    return status == STATUS_OK ? tell_some(turn, ledger, entry, (struct fund_place){ .month = span.from }) : status;
}
