#include "state/roster_code.h"

#include "base/sort.h"
#include "state/frame.h"
#include "state/roster_row.h"

/* Digests and keys: 16 bytes as they are. */
static void get_raw(struct bytes_reader *reader, void *to, size_t size)
{
    if (reader->failed || size > (size_t)(reader->end - reader->at)) {
        reader->failed = true;
        return;
    }
    memcpy(to, reader->at, size);
    reader->at += size;
}

static void put_day(struct bytes_writer *writer, day d)
{
    bytes_put_signed(writer, d.n);
}

static day get_day(struct bytes_reader *reader)
{
    return (day){ (int32_t)bytes_get_signed(reader) };
}

static void put_u64(struct bytes_writer *writer, uint64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
    bytes_put_raw(writer, bytes, sizeof bytes);
}

/* ---- Head ---- */

static void put_counts(struct bytes_writer *writer, const struct roster_counts *counts)
{
    const int64_t all[] = { counts->rows, counts->taken, counts->refused, counts->granted, counts->revoked,
        counts->unchanged };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        bytes_put_number(writer, (uint64_t)all[i]);
}

static void get_counts(struct bytes_reader *reader, struct roster_counts *counts)
{
    int64_t *const all[] = { &counts->rows, &counts->taken, &counts->refused, &counts->granted, &counts->revoked,
        &counts->unchanged };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        *all[i] = (int64_t)bytes_get_number(reader);
}

enum status roster_head_encode(struct arena *arena, const struct roster_head *head, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_ROSTER_HEAD, 64 + head->job_count * sizeof *head->jobs);
    bytes_put_number(&writer, head->has_full);
    put_day(&writer, head->full_stated_on);
    bytes_put_number(&writer, head->step);
    bytes_put_number(&writer, head->phase);
    bytes_put_number(&writer, head->shard);
    bytes_put_number(&writer, head->receipts);
    put_u64(&writer, head->refusing_shards);
    put_counts(&writer, &head->counts);
    bytes_put_number(&writer, head->job_count);
    for (size_t i = 0; i < head->job_count; i++)
        bytes_put_raw(&writer, &head->jobs[i], sizeof head->jobs[i]);
    return frame_finish(&writer, ret_bytes);
}

static uint64_t get_u64(struct bytes_reader *reader)
{
    uint8_t bytes[8] = { 0 };
    uint64_t number = 0;
    get_raw(reader, bytes, sizeof bytes);
    for (int i = 0; i < 8; i++)
        number |= (uint64_t)bytes[i] << (8 * i);
    return number;
}

enum status roster_head_decode(struct arena *arena, struct text bytes, struct roster_head *ret_head)
{
    struct bytes_reader reader = frame_open(bytes, FRAME_ROSTER_HEAD);
    struct roster_head head = { .has_full = bytes_get_number(&reader) != 0 };
    head.full_stated_on = get_day(&reader);
    head.step = bytes_get_number(&reader);
    head.phase = (uint8_t)bytes_get_number(&reader);
    head.shard = (uint32_t)bytes_get_number(&reader);
    head.receipts = (uint32_t)bytes_get_number(&reader);
    head.refusing_shards = get_u64(&reader);
    get_counts(&reader, &head.counts);
    head.job_count = bytes_get_count(&reader);
    head.jobs = ARENA_ARRAY(arena, head.job_count, struct store_key);
    if (head.jobs == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < head.job_count; i++)
        get_raw(&reader, &head.jobs[i], sizeof head.jobs[i]);
    if (frame_close(&reader) != STATUS_OK)
        return STATUS_BAD_STATE;
    *ret_head = head;
    return STATUS_OK;
}

/* ---- List ---- */

static void put_header(struct bytes_writer *writer, const struct roster_header *header)
{
    const struct text texts[] = { header->roster_id, header->source, header->region, header->department,
        header->manual_note };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        bytes_put_text(writer, texts[i]);
    bytes_put_number(writer, header->kind);
    bytes_put_number(writer, header->category);
    bytes_put_number(writer, header->mode);
    put_day(writer, header->stated_on);
    put_day(writer, header->delivered_on);
    bytes_put_number(writer, (uint64_t)header->parts);
}

static void get_header(struct bytes_reader *reader, struct roster_header *header)
{
    struct text *const texts[] = { &header->roster_id, &header->source, &header->region, &header->department,
        &header->manual_note };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = bytes_get_text(reader);
    header->kind = (uint8_t)bytes_get_number(reader);
    header->category = (uint8_t)bytes_get_number(reader);
    header->mode = (uint8_t)bytes_get_number(reader);
    header->stated_on = get_day(reader);
    header->delivered_on = get_day(reader);
    uint64_t parts = bytes_get_number(reader);
    reader->failed = reader->failed || parts < 1 || parts > ROSTER_PARTS_MAX;
    header->parts = (int32_t)parts;
}

enum status roster_list_encode(struct arena *arena, const struct roster_list *list, struct text *ret_bytes)
{
    size_t parts_size = (size_t)list->header.parts * sizeof *list->parts;
    struct bytes_writer writer = frame_begin(arena, FRAME_ROSTER_LIST, 256 + parts_size);
    bytes_put_number(&writer, list->state);
    bytes_put_text(&writer, list->state == ROSTER_LIST_REFUSED ? text_of(status_name(list->reason)) : TEXT_EMPTY);
    put_header(&writer, &list->header);
    bytes_put_signed(&writer, list->recorded_at.seconds);
    bytes_put_number(&writer, (uint64_t)list->recorded_at.nanos);
    bytes_put_number(&writer, (uint64_t)list->rows);
    bytes_put_number(&writer, (uint64_t)list->parts_in);
    bytes_put_raw(&writer, &list->header_digest, sizeof list->header_digest);
    bytes_put_raw(&writer, list->parts, parts_size);
    return frame_finish(&writer, ret_bytes);
}

/* Statuses are stored by name: their numbers move when one is added. */
static enum status get_status(struct bytes_reader *reader)
{
    struct text name = bytes_get_text(reader);
    if (text_is_empty(name))
        return STATUS_OK;
    for (unsigned status = 0; status < STATUS_COUNT; status++)
        if (text_equal(name, text_of(status_name(status))))
            return status;
    reader->failed = true;
    return STATUS_OK;
}

enum status roster_list_decode(struct arena *arena, struct text bytes, struct roster_list *ret_list)
{
    struct bytes_reader reader = frame_open(bytes, FRAME_ROSTER_LIST);
    struct roster_list list = { .state = (uint8_t)bytes_get_number(&reader) };
    list.reason = get_status(&reader);
    get_header(&reader, &list.header);
    list.recorded_at.seconds = bytes_get_signed(&reader);
    list.recorded_at.nanos = (int32_t)bytes_get_number(&reader);
    list.rows = (int64_t)bytes_get_number(&reader);
    list.parts_in = (int32_t)bytes_get_number(&reader);
    get_raw(&reader, &list.header_digest, sizeof list.header_digest);
    if (reader.failed)
        return STATUS_BAD_STATE;
    list.parts = ARENA_ARRAY(arena, (size_t)list.header.parts, struct roster_digest);
    if (list.parts == NULL)
        return STATUS_ARENA_FULL;
    get_raw(&reader, list.parts, (size_t)list.header.parts * sizeof *list.parts);
    if (frame_close(&reader) != STATUS_OK)
        return STATUS_BAD_STATE;
    *ret_list = list;
    return STATUS_OK;
}

/* ---- Slice ---- */

enum { ROW_BAD_ID = 1, ROW_REMOVAL = 2, ROW_CORRECTS_NAME = 4, ROW_HAS_PAID_ON = 8, ROW_HAS_FUND = 16 };

static void put_row(struct bytes_writer *writer, const struct roster_row *row)
{
    unsigned flags = (row->is_bad_id ? ROW_BAD_ID : 0) | (row->is_removal ? ROW_REMOVAL : 0)
        | (row->corrects_name ? ROW_CORRECTS_NAME : 0) | (row->has_paid_on ? ROW_HAS_PAID_ON : 0)
        | (row->fund != 0 ? ROW_HAS_FUND : 0);
    bytes_put_number(writer, (uint64_t)row->row);
    bytes_put_number(writer, flags);
    bytes_put_text(writer, row->person_id);
    bytes_put_text(writer, row->name);
    bytes_put_text(writer, row->relative_id);
    const uint8_t small[] = { row->bad_field, row->scheme, row->funding, row->relation, (uint8_t)row->month };
    bytes_put_raw(writer, small, sizeof small);
    bytes_put_number(writer, (uint64_t)row->year);
    put_day(writer, row->from);
    put_day(writer, row->paid_on);
    bytes_put_number(writer, (uint64_t)row->amount.fen);
    bytes_put_number(writer, (uint64_t)row->account_credit.fen);
    if (row->fund == 0)
        return;
    bytes_put_number(writer, row->fund);
    bytes_put_number(writer, row->income);
    bytes_put_number(writer, (uint64_t)row->holders);
}

static struct roster_row get_row(struct bytes_reader *reader, int32_t part)
{
    struct roster_row row = { .part = part, .row = (int32_t)bytes_get_number(reader) };
    uint64_t flags = bytes_get_number(reader);
    row.is_bad_id = (flags & ROW_BAD_ID) != 0;
    row.is_removal = (flags & ROW_REMOVAL) != 0;
    row.corrects_name = (flags & ROW_CORRECTS_NAME) != 0;
    row.has_paid_on = (flags & ROW_HAS_PAID_ON) != 0;
    row.person_id = bytes_get_text(reader);
    row.name = bytes_get_text(reader);
    row.relative_id = bytes_get_text(reader);
    uint8_t small[5] = { 0 };
    get_raw(reader, small, sizeof small);
    row.bad_field = small[0];
    row.scheme = small[1];
    row.funding = small[2];
    row.relation = small[3];
    row.month = (int8_t)small[4];
    row.year = (int16_t)bytes_get_number(reader);
    row.from = get_day(reader);
    row.paid_on = get_day(reader);
    row.amount = MONEY_FEN((int64_t)bytes_get_number(reader));
    row.account_credit = MONEY_FEN((int64_t)bytes_get_number(reader));
    if ((flags & ROW_HAS_FUND) != 0) {
        row.fund = (uint8_t)bytes_get_number(reader);
        row.income = (uint8_t)bytes_get_number(reader);
        row.holders = (int64_t)bytes_get_number(reader);
    }
    return row;
}

enum status roster_slice_encode(struct arena *arena, const struct roster_slice *slice, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_ROSTER_SLICE, slice->count * 80);
    bytes_put_number(&writer, (uint64_t)slice->part);
    bytes_put_number(&writer, slice->count);
    for (size_t i = 0; i < slice->count; i++)
        put_row(&writer, &slice->rows[i]);
    return frame_finish(&writer, ret_bytes);
}

enum status roster_slice_decode(struct arena *arena, struct text bytes, struct roster_slice *ret_slice)
{
    struct bytes_reader reader = frame_open(bytes, FRAME_ROSTER_SLICE);
    struct roster_slice slice = { .part = (int32_t)bytes_get_number(&reader) };
    slice.count = bytes_get_count(&reader);
    slice.rows = ARENA_ARRAY(arena, slice.count, struct roster_row);
    if (slice.rows == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < slice.count; i++)
        slice.rows[i] = get_row(&reader, slice.part);
    if (frame_close(&reader) != STATUS_OK)
        return STATUS_BAD_STATE;
    *ret_slice = slice;
    return STATUS_OK;
}

/* ---- Running list ---- */

enum status roster_running_encode(struct arena *arena, const struct roster_running *running, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_ROSTER_RUNNING, running->count * 48);
    bytes_put_number(&writer, running->count);
    for (size_t i = 0; i < running->count; i++) {
        const struct roster_entry *entry = &running->entries[i];
        bytes_put_text(&writer, entry->person_id);
        bytes_put_text(&writer, entry->name);
        put_day(&writer, entry->from_first);
        put_day(&writer, entry->from_last);
        bytes_put_number(&writer, entry->funding);
    }
    return frame_finish(&writer, ret_bytes);
}

enum status roster_running_decode(struct arena *arena, struct text bytes, struct roster_running *ret_running)
{
    struct bytes_reader reader = frame_open(bytes, FRAME_ROSTER_RUNNING);
    struct roster_running running = { .count = bytes_get_count(&reader) };
    running.entries = ARENA_ARRAY(arena, running.count, struct roster_entry);
    if (running.entries == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < running.count; i++) {
        struct roster_entry *entry = &running.entries[i];
        entry->person_id = bytes_get_text(&reader);
        entry->name = bytes_get_text(&reader);
        entry->from_first = get_day(&reader);
        entry->from_last = get_day(&reader);
        entry->funding = (uint8_t)bytes_get_number(&reader);
    }
    if (frame_close(&reader) != STATUS_OK)
        return STATUS_BAD_STATE;
    *ret_running = running;
    return STATUS_OK;
}

/* ---- Refused rows ---- */

enum status roster_refusals_encode(struct arena *arena, const struct roster_refusals *refusals, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_ROSTER_REFUSALS, refusals->count * 48);
    bytes_put_number(&writer, refusals->count);
    for (size_t i = 0; i < refusals->count; i++) {
        const struct roster_refusal *refusal = &refusals->items[i];
        bytes_put_number(&writer, (uint64_t)refusal->part);
        bytes_put_number(&writer, (uint64_t)refusal->row);
        bytes_put_text(&writer, refusal->person_id);
        bytes_put_text(&writer, text_of(status_name(refusal->reason)));
        bytes_put_number(&writer, refusal->field);
    }
    return frame_finish(&writer, ret_bytes);
}

enum status roster_refusals_decode(struct arena *arena, struct text bytes, struct roster_refusals *ret_refusals)
{
    struct bytes_reader reader = frame_open(bytes, FRAME_ROSTER_REFUSALS);
    struct roster_refusals refusals = { .count = bytes_get_count(&reader) };
    refusals.items = ARENA_ARRAY(arena, refusals.count, struct roster_refusal);
    if (refusals.items == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < refusals.count; i++) {
        struct roster_refusal *refusal = &refusals.items[i];
        refusal->part = (int32_t)bytes_get_number(&reader);
        refusal->row = (int32_t)bytes_get_number(&reader);
        refusal->person_id = bytes_get_text(&reader);
        refusal->reason = get_status(&reader);
        refusal->field = (uint8_t)bytes_get_number(&reader);
        reader.failed = reader.failed || refusal->field >= ROSTER_FIELD_COUNT;
    }
    if (frame_close(&reader) != STATUS_OK)
        return STATUS_BAD_STATE;
    *ret_refusals = refusals;
    return STATUS_OK;
}

/* ---- Digests ---- */

static enum status digest_written(const struct bytes_writer *writer, struct roster_digest *ret_digest)
{
    if (writer->failed)
        return STATUS_ARENA_FULL;
    *ret_digest = roster_digest_of(bytes_written(writer));
    return STATUS_OK;
}

enum status roster_digest_header(
    struct arena *arena, const struct roster_header *header, struct roster_digest *ret_digest)
{
    struct bytes_writer writer = bytes_writer_of(arena, 512);
    put_header(&writer, header);
    return digest_written(&writer, ret_digest);
}

static int attribute_order(const void *a, const void *b)
{
    const struct roster_attribute *left = a, *right = b;
    return text_cmp(left->name, right->name);
}

/* A map has no order on the wire; sorted (and stable) it is the same map however it was written. */
static enum status put_attributes(struct arena *arena, struct bytes_writer *writer, const struct roster_raw_row *row)
{
    const void **order = ARENA_ARRAY(arena, row->attribute_count, const void *);
    if (order == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < row->attribute_count; i++)
        order[i] = &row->attributes[i];
    enum status status = sort_pointers(arena, order, row->attribute_count, attribute_order);
    bytes_put_number(writer, row->attribute_count);
    for (size_t i = 0; i < row->attribute_count && status == STATUS_OK; i++) {
        const struct roster_attribute *attribute = order[i];
        bytes_put_text(writer, attribute->name);
        bytes_put_text(writer, attribute->value);
    }
    return status;
}

enum status roster_digest_rows(
    struct arena *arena, const struct roster_raw_row *rows, size_t count, struct roster_digest *ret_digest)
{
    struct bytes_writer writer = bytes_writer_of(arena, count * 96);
    bytes_put_number(&writer, count);
    for (size_t i = 0; i < count; i++) {
        bytes_put_text(&writer, rows[i].person_id);
        bytes_put_text(&writer, rows[i].name);
        bytes_put_text(&writer, rows[i].from);
        bytes_put_signed(&writer, rows[i].action == 0 ? 1 : rows[i].action);
        if (put_attributes(arena, &writer, &rows[i]) != STATUS_OK)
            return STATUS_ARENA_FULL;
    }
    return digest_written(&writer, ret_digest);
}
