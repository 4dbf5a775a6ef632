/* The stored bytes of a region's funds and of what stands beside its ledger. */
#include "state/frame.h"
#include "state/fund.h"

#include <stdio.h>

char *fund_month_format(int month, char *buffer)
{
    snprintf(buffer, FUND_MONTH_TEXT_SIZE, "%04d-%02d", month / 12, month % 12 + 1);
    return buffer;
}

/* ---- The ledger ---- */

static void put_year(struct bytes_writer *writer, const struct fund_year *year)
{
    size_t sources = 0;
    for (int source = 1; source < TERM_LIMIT; source++)
        sources += !money_is_zero(year->income[source]);
    bytes_put_signed(writer, year->year);
    bytes_put_number(writer, year->is_closed);
    bytes_put_signed(writer, year->reserve.fen);
    bytes_put_number(writer, sources);
    for (int source = 1; source < TERM_LIMIT; source++) {
        if (money_is_zero(year->income[source]))
            continue;
        bytes_put_number(writer, (uint64_t)source);
        bytes_put_signed(writer, year->income[source].fen);
    }
    bytes_put_number(writer, year->outgo_count);
    for (size_t i = 0; i < year->outgo_count; i++) {
        bytes_put_text(writer, year->outgo[i].rule);
        bytes_put_signed(writer, year->outgo[i].amount.fen);
    }
}

static void put_book(struct bytes_writer *writer, const struct fund_book *book)
{
    bytes_put_number(writer, book->fund);
    bytes_put_number(writer, book->year_count);
    for (size_t i = 0; i < book->year_count; i++)
        put_year(writer, &book->years[i]);
    bytes_put_number(writer, book->month_count);
    for (size_t i = 0; i < book->month_count; i++) {
        bytes_put_signed(writer, book->months[i].month);
        bytes_put_signed(writer, book->months[i].outgo.fen);
        bytes_put_number(writer, book->months[i].payees);
    }
}

enum status fund_ledger_encode(struct arena *arena, const struct fund_ledger *ledger, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_FUND_LEDGER, 1024);
    bytes_put_text(&writer, ledger->region);
    bytes_put_signed(&writer, ledger->open_month);
    bytes_put_signed(&writer, ledger->open_year);
    bytes_put_number(&writer, ledger->book_count);
    for (size_t i = 0; i < ledger->book_count; i++)
        put_book(&writer, &ledger->books[i]);
    return frame_finish(&writer, ret_bytes);
}

static void get_income(struct bytes_reader *reader, struct fund_year *year)
{
    for (size_t left = bytes_get_count(reader); left > 0 && !reader->failed; left--) {
        uint64_t source = bytes_get_number(reader);
        reader->failed = reader->failed || source >= TERM_LIMIT;
        if (!reader->failed)
            year->income[source].fen = bytes_get_signed(reader);
    }
}

static enum status get_year(struct arena *arena, struct bytes_reader *reader, struct fund_year *year)
{
    year->year = (int)bytes_get_signed(reader);
    year->is_closed = bytes_get_number(reader) != 0;
    year->reserve.fen = bytes_get_signed(reader);
    get_income(reader, year);
    year->outgo_count = bytes_get_count(reader);
    year->outgo = ARENA_ARRAY(arena, year->outgo_count + 1, struct fund_outgo);
    if (year->outgo == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < year->outgo_count; i++) {
        year->outgo[i].rule = bytes_get_text(reader);
        year->outgo[i].amount.fen = bytes_get_signed(reader);
    }
    return STATUS_OK;
}

static enum status get_book(struct arena *arena, struct bytes_reader *reader, struct fund_book *book)
{
    book->fund = (uint8_t)bytes_get_number(reader);
    book->year_count = bytes_get_count(reader);
    book->years = ARENA_ARRAY(arena, book->year_count + 1, struct fund_year);
    if (book->years == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < book->year_count; i++)
        if (get_year(arena, reader, &book->years[i]) != STATUS_OK)
            return STATUS_ARENA_FULL;
    book->month_count = bytes_get_count(reader);
    book->months = ARENA_ARRAY(arena, book->month_count + 1, struct fund_month);
    if (book->months == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < book->month_count; i++) {
        book->months[i].month = (int)bytes_get_signed(reader);
        book->months[i].outgo.fen = bytes_get_signed(reader);
        book->months[i].payees = (uint32_t)bytes_get_number(reader);
    }
    return STATUS_OK;
}

enum status fund_ledger_decode(struct arena *arena, struct text bytes, struct fund_ledger *ret_ledger)
{
    struct fund_ledger ledger = { .region = TEXT_EMPTY };
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_FUND_LEDGER);
        ledger.region = bytes_get_text(&reader);
        ledger.open_month = (int)bytes_get_signed(&reader);
        ledger.open_year = (int)bytes_get_signed(&reader);
        ledger.book_count = bytes_get_count(&reader);
        ledger.books = ARENA_ARRAY(arena, ledger.book_count + 1, struct fund_book);
        enum status status = ledger.books == NULL ? STATUS_ARENA_FULL : STATUS_OK;
        for (size_t i = 0; i < ledger.book_count && status == STATUS_OK; i++)
            status = get_book(arena, &reader, &ledger.books[i]);
        if (status == STATUS_OK)
            status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_ledger = ledger;
    return STATUS_OK;
}

/* ---- A payee's month ---- */

enum status fund_sum_encode(struct arena *arena, const struct fund_sum *sum, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_FUND_PAYEE, 96);
    bytes_put_number(&writer, sum->fund);
    bytes_put_signed(&writer, sum->month);
    bytes_put_number(&writer, sum->payee.kind);
    bytes_put_text(&writer, sum->payee.id);
    bytes_put_text(&writer, sum->payee.name);
    bytes_put_signed(&writer, sum->amount.fen);
    bytes_put_number(&writer, sum->settlements);
    return frame_finish(&writer, ret_bytes);
}

enum status fund_sum_decode(struct text bytes, struct fund_sum *ret_sum)
{
    struct fund_sum sum = { .payee = { .id = TEXT_EMPTY, .name = TEXT_EMPTY } };
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_FUND_PAYEE);
        sum.fund = (uint8_t)bytes_get_number(&reader);
        sum.month = (int)bytes_get_signed(&reader);
        sum.payee.kind = (uint8_t)bytes_get_number(&reader);
        sum.payee.id = bytes_get_text(&reader);
        sum.payee.name = bytes_get_text(&reader);
        sum.amount.fen = bytes_get_signed(&reader);
        sum.settlements = bytes_get_number(&reader);
        enum status status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_sum = sum;
    return STATUS_OK;
}

/* ---- The index of payees ---- */

enum status fund_index_encode(struct arena *arena, const struct fund_index *index, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_FUND_INDEX, 16 + index->count * sizeof *index->keys);
    bytes_put_number(&writer, index->count);
    bytes_put_raw(&writer, index->keys, index->count * sizeof *index->keys);
    return frame_finish(&writer, ret_bytes);
}

enum status fund_index_decode(struct arena *arena, struct text bytes, struct fund_index *ret_index)
{
    struct fund_index index = { .keys = ARENA_ARRAY(arena, FUND_INDEX_SIZE, struct store_key) };
    if (index.keys == NULL)
        return STATUS_ARENA_FULL;
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_FUND_INDEX);
        index.count = bytes_get_number(&reader);
        size_t size = index.count * sizeof *index.keys;
        if (reader.failed || index.count > FUND_INDEX_SIZE || size != (size_t)(reader.end - reader.at))
            return STATUS_BAD_STATE;
        memcpy(index.keys, reader.at, size);
    }
    *ret_index = index;
    return STATUS_OK;
}

/* ---- Rows that say the same ---- */

enum status fund_count_encode(struct arena *arena, uint64_t count, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_FUND_ROW, 16);
    bytes_put_number(&writer, count);
    return frame_finish(&writer, ret_bytes);
}

enum status fund_count_decode(struct text bytes, uint64_t *ret_count)
{
    uint64_t count = 0;
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_FUND_ROW);
        count = bytes_get_number(&reader);
        enum status status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_count = count;
    return STATUS_OK;
}
