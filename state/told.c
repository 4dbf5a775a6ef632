#include "state/told.h"

#include "policy/term.h"
#include "state/frame.h"

static void get_one(struct bytes_reader *reader, struct told *told)
{
    told->kind = (uint8_t)bytes_get_number(reader);
    told->month = (int8_t)bytes_get_signed(reader);
    told->year = (int16_t)bytes_get_signed(reader);
    told->warning_id = bytes_get_text(reader);
    told->subject_id = bytes_get_text(reader);
    told->reply_due_on.n = (int32_t)bytes_get_signed(reader);
}

enum status told_decode(struct arena *arena, struct text bytes, struct told_list **ret_list)
{
    struct told_list *list = ARENA_NEW(arena, struct told_list);
    if (list == NULL)
        return STATUS_ARENA_FULL;
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_TOLD);
        uint64_t count = bytes_get_number(&reader);
        if (count > TOLD_LIMIT)
            return STATUS_BAD_STATE;
        for (; list->count < count; list->count++)
            get_one(&reader, &list->items[list->count]);
        enum status status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_list = list;
    return STATUS_OK;
}

enum status told_encode(struct arena *arena, const struct told_list *list, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_TOLD, 16 + list->count * 64);
    bytes_put_number(&writer, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct told *told = &list->items[i];
        bytes_put_number(&writer, told->kind);
        bytes_put_signed(&writer, told->month);
        bytes_put_signed(&writer, told->year);
        bytes_put_text(&writer, told->warning_id);
        bytes_put_text(&writer, told->subject_id);
        bytes_put_signed(&writer, told->reply_due_on.n);
    }
    return frame_finish(&writer, ret_bytes);
}

bool told_add(struct told_list *list, const struct told *told)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i].warning_id, told->warning_id))
            return false;
    if (list->count == TOLD_LIMIT) {
        list->count--;
        memmove(list->items, list->items + 1, list->count * sizeof list->items[0]);
    }
    list->items[list->count++] = *told;
    return true;
}

const struct told *told_last(const struct told_list *list, int kind, int year)
{
    for (size_t i = list->count; i > 0; i--)
        if (list->items[i - 1].kind == kind && list->items[i - 1].year == year)
            return &list->items[i - 1];
    return NULL;
}

bool told_has_subject(const struct told_list *list, int kind, struct text subject_id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && text_equal(list->items[i].subject_id, subject_id))
            return true;
    return false;
}

bool told_was_listed(const struct told_list *list, int year, int month)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == WATCH_MONTHLY && list->items[i].year == year && list->items[i].month == month)
            return true;
    return false;
}
