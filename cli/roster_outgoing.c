#include "cli/roster_outgoing.h"

#include "consumers/roster_update.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"
#include "policy/term.h"
#include "state/roster_code.h"

#include <stdio.h>

typedef Settled__V1__RosterUpdate update;
typedef Settled__V1__RosterUpdate__Row update_row;
typedef Settled__V1__RosterUpdate__Row__AttributesEntry update_attribute;

/* What a row or an attribute takes beside its texts. */
#define FIELD_BYTES 8

static size_t bytes_of(const struct roster_raw_row *row)
{
    size_t size = row->person_id.length + row->name.length + row->from.length + 4 * FIELD_BYTES;
    for (size_t i = 0; i < row->attribute_count; i++)
        size += row->attributes[i].name.length + row->attributes[i].value.length + 3 * FIELD_BYTES;
    return size;
}

static enum status cut(struct arena *arena, struct roster_outgoing *list)
{
    const struct roster_sheet *sheet = list->sheet;
    size_t rows = 0, bytes = 0, parts = 1;
    list->firsts = ARENA_ARRAY(arena, ROSTER_PARTS_MAX + 1, size_t);
    if (list->firsts == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < sheet->count; i++) {
        size_t size = bytes_of(&sheet->rows[i]);
        if (rows == ROSTER_OUTGOING_PART_ROWS || bytes + size > ROSTER_OUTGOING_PART_BYTES) {
            if (parts == ROSTER_PARTS_MAX)
                return STATUS_BAD_VALUE;
            list->firsts[parts++] = i;
            rows = bytes = 0;
        }
        rows++;
        bytes += size;
    }
    list->firsts[parts] = sheet->count;
    list->header.parts = (int32_t)parts;
    return STATUS_OK;
}

/* Both digests together, so that neither the rows nor what is said of them can change under one name. */
static enum status name_list(struct arena *arena, struct roster_outgoing *list)
{
    struct roster_digest digests[2], digest;
    struct roster_header *header = &list->header;
    char day_text[DAY_TEXT_SIZE];
    enum status status = roster_digest_header(arena, header, &digests[0]);
    if (status == STATUS_OK)
        status = roster_digest_rows(arena, list->sheet->rows, list->sheet->count, &digests[1]);
    if (status != STATUS_OK)
        return status;
    digest = roster_digest_of((struct text){ (const char *)digests, sizeof digests });
    size_t size = list->key.length + sizeof day_text + sizeof "//" + 16;
    char *name = arena_take(arena, size);
    if (name == NULL)
        return STATUS_ARENA_FULL;
    int length = snprintf(name, size, "%.*s/%s/", TEXT_FORMAT(list->key), day_format(header->stated_on, day_text));
    for (size_t i = 0; i < 8; i++)
        length += snprintf(name + length, 3, "%02x", digest.bytes[i]);
    header->roster_id = text_of(name);
    return STATUS_OK;
}

enum status roster_outgoing_make(struct arena *arena, const struct roster_header *header, instant recorded_at,
    const struct roster_sheet *sheet, struct roster_outgoing *ret_list)
{
    struct roster_outgoing list = { .header = *header, .recorded_at = recorded_at, .sheet = sheet };
    enum status status = cut(arena, &list);
    if (status == STATUS_OK)
        status = consumer_roster_key(arena, header, &list.key);
    list.has_made_name = text_is_empty(header->roster_id);
    if (status == STATUS_OK && list.has_made_name)
        status = name_list(arena, &list);
    if (status == STATUS_OK)
        *ret_list = list;
    return status;
}

/* ---- A part ---- */

static bool fill_attributes(struct arena *arena, const struct roster_raw_row *raw, update_row *row)
{
    update_attribute *entries = ARENA_ARRAY(arena, raw->attribute_count, update_attribute);
    row->attributes = ARENA_ARRAY(arena, raw->attribute_count, update_attribute *);
    if (entries == NULL || row->attributes == NULL)
        return false;
    for (size_t i = 0; i < raw->attribute_count; i++) {
        settled__v1__roster_update__row__attributes_entry__init(&entries[i]);
        entries[i].key = wire_text(arena, raw->attributes[i].name);
        entries[i].value = wire_text(arena, raw->attributes[i].value);
        row->attributes[i] = &entries[i];
    }
    row->n_attributes = raw->attribute_count;
    return true;
}

static bool fill_rows(struct arena *arena, const struct roster_raw_row *raw, size_t count, update *message)
{
    update_row *rows = ARENA_ARRAY(arena, count, update_row);
    message->rows = ARENA_ARRAY(arena, count, update_row *);
    if (rows == NULL || message->rows == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        settled__v1__roster_update__row__init(&rows[i]);
        rows[i].person_id = wire_text(arena, raw[i].person_id);
        rows[i].name = wire_text(arena, raw[i].name);
        rows[i].from = wire_text(arena, raw[i].from);
        rows[i].action = (Settled__V1__RosterUpdate__Row__Action)raw[i].action;
        if (!fill_attributes(arena, &raw[i], &rows[i]))
            return false;
        message->rows[i] = &rows[i];
    }
    message->n_rows = count;
    return true;
}

static void fill_header(struct arena *arena, const struct roster_header *header, update *message)
{
    char text[DAY_TEXT_SIZE];
    message->roster_id = wire_text(arena, header->roster_id);
    message->source = wire_text(arena, header->source);
    message->region = wire_text(arena, header->region);
    message->department = wire_text(arena, header->department);
    message->manual_note = wire_text(arena, header->manual_note);
    message->kind = (Settled__V1__RosterUpdate__Kind)header->kind;
    message->category = (Settled__V1__IdentityChange__Category)header->category;
    message->mode = (Settled__V1__RosterUpdate__Mode)header->mode;
    message->stated_on = wire_text(arena, text_of(day_format(header->stated_on, text)));
    message->delivered_on = wire_text(arena, text_of(day_format(header->delivered_on, text)));
    message->parts = header->parts;
}

enum status roster_outgoing_part(
    struct arena *arena, const struct roster_outgoing *list, int32_t part, struct text *ret_value)
{
    update message = SETTLED__V1__ROSTER_UPDATE__INIT;
    Google__Protobuf__Timestamp recorded_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    size_t first = list->firsts[part - 1], count = list->firsts[part] - first;
    recorded_at.seconds = list->recorded_at.seconds;
    recorded_at.nanos = list->recorded_at.nanos;
    message.recorded_at = &recorded_at;
    fill_header(arena, &list->header, &message);
    message.part = part;
    if (!fill_rows(arena, list->sheet->rows + first, count, &message))
        return STATUS_ARENA_FULL;
    return wire_pack(&message.base, arena, ret_value);
}

long roster_outgoing_row(const struct roster_outgoing *list, int32_t part, int32_t row)
{
    if (part < 1 || part > list->header.parts || row < 1)
        return 0;
    size_t at = list->firsts[part - 1] + (size_t)row - 1;
    return at < list->firsts[part] ? list->sheet->numbers[at] : 0;
}
