#include "state/calendar.h"

#include "state/frame.h"

enum status calendar_decode(struct arena *arena, struct text bytes, struct calendar *ret_calendar)
{
    struct calendar calendar = { .grants = ARENA_ARRAY(arena, CALENDAR_GRANT_LIMIT, struct fold_grant) };
    if (calendar.grants == NULL)
        return STATUS_ARENA_FULL;
    if (!text_is_empty(bytes)) {
        struct bytes_reader reader = frame_open(bytes, FRAME_CALENDAR);
        calendar.closed_years = bytes_get_number(&reader);
        uint64_t count = bytes_get_number(&reader);
        if (count > CALENDAR_GRANT_LIMIT)
            return STATUS_BAD_STATE;
        for (; calendar.grant_count < count; calendar.grant_count++) {
            struct fold_grant *grant = &calendar.grants[calendar.grant_count];
            grant->event_id = bytes_get_text(&reader);
            grant->on.n = (int32_t)bytes_get_signed(&reader);
            grant->per_head.fen = bytes_get_signed(&reader);
        }
        enum status status = frame_close(&reader);
        if (status != STATUS_OK)
            return status;
    }
    *ret_calendar = calendar;
    return STATUS_OK;
}

enum status calendar_encode(struct arena *arena, const struct calendar *calendar, struct text *ret_bytes)
{
    struct bytes_writer writer = frame_begin(arena, FRAME_CALENDAR, 64);
    bytes_put_number(&writer, calendar->closed_years);
    bytes_put_number(&writer, calendar->grant_count);
    for (size_t i = 0; i < calendar->grant_count; i++) {
        bytes_put_text(&writer, calendar->grants[i].event_id);
        bytes_put_signed(&writer, calendar->grants[i].on.n);
        bytes_put_signed(&writer, calendar->grants[i].per_head.fen);
    }
    return frame_finish(&writer, ret_bytes);
}

bool calendar_close_year(struct calendar *calendar, int year)
{
    year_set before = calendar->closed_years;
    if (year >= 2000 && year < 2064)
        calendar->closed_years |= (year_set)1 << (year - 2000);
    return calendar->closed_years != before;
}

static bool is_greater(const struct fold_grant *a, const struct fold_grant *b)
{
    int order = money_cmp(a->per_head, b->per_head);
    return order > 0 || (order == 0 && day_cmp(a->on, b->on) > 0);
}

enum status calendar_add_grant(struct calendar *calendar, const struct fold_grant *grant, bool *ret_changed)
{
    size_t at = 0;
    while (at < calendar->grant_count && text_cmp(calendar->grants[at].event_id, grant->event_id) < 0)
        at++;
    bool known = at < calendar->grant_count && text_equal(calendar->grants[at].event_id, grant->event_id);
    *ret_changed = !known || is_greater(grant, &calendar->grants[at]);
    if (!*ret_changed)
        return STATUS_OK;
    if (!known) {
        if (calendar->grant_count == CALENDAR_GRANT_LIMIT)
            return STATUS_TOO_MANY_FACTS;
        memmove(
            calendar->grants + at + 1, calendar->grants + at, (calendar->grant_count - at) * sizeof *calendar->grants);
        calendar->grant_count++;
    }
    calendar->grants[at] = *grant;
    return STATUS_OK;
}
