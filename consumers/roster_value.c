#include "consumers/roster_value.h"

#include "state/frame.h"

static enum status decode(struct arena *arena, struct roster_value *value)
{
    struct text bytes = value->entry->bytes;
    switch (value->kind) {
    case ROSTER_VALUE_HEAD:
        return roster_head_decode(arena, bytes, &value->head);
    case ROSTER_VALUE_LIST:
        return roster_list_decode(arena, bytes, &value->list);
    case ROSTER_VALUE_SLICE:
        return roster_slice_decode(arena, bytes, &value->slice);
    case ROSTER_VALUE_RUNNING:
        return roster_running_decode(arena, bytes, &value->running);
    case ROSTER_VALUE_REFUSALS:
        return roster_refusals_decode(arena, bytes, &value->refusals);
    }
    return STATUS_BAD_STATE;
}

enum status roster_value_get(const struct roster_view *view, const struct store_key *key, enum roster_value_kind kind,
    struct roster_value **ret_value)
{
    struct arena *arena = view->turn->arena;
    struct view_entry *entry;
    enum status status = view_get(view->turn->view, view->partition, key, &entry, view->turn->fault);
    if (status != STATUS_OK)
        return status;
    view->turn->about = entry;
    if (entry->object == NULL) {
        struct roster_value *value = ARENA_NEW(arena, struct roster_value);
        if (value == NULL)
            return STATUS_ARENA_FULL;
        *value = (struct roster_value){ .kind = kind, .is_absent = text_is_empty(entry->bytes), .entry = entry };
        status = value->is_absent ? STATUS_OK : decode(arena, value);
        if (status == STATUS_BAD_STATE)
            return frame_judge(entry->bytes, view->turn->fault);
        if (status != STATUS_OK)
            return status;
        entry->object = value;
    }
    *ret_value = entry->object;
    CHECK((*ret_value)->kind == kind);
    return STATUS_OK;
}

void roster_value_keep(struct roster_value *value)
{
    value->is_absent = false;
    value->entry->changed = true;
}

void roster_value_drop(struct roster_value *value)
{
    *value = (struct roster_value){ .kind = value->kind, .is_absent = true, .entry = value->entry };
    value->entry->changed = !text_is_empty(value->entry->bytes);
}

enum status roster_value_encode(struct arena *arena, const struct roster_value *value, struct text *ret_bytes)
{
    if (value->is_absent) {
        *ret_bytes = TEXT_EMPTY;
        return STATUS_OK;
    }
    switch (value->kind) {
    case ROSTER_VALUE_HEAD:
        return roster_head_encode(arena, &value->head, ret_bytes);
    case ROSTER_VALUE_LIST:
        return roster_list_encode(arena, &value->list, ret_bytes);
    case ROSTER_VALUE_SLICE:
        return roster_slice_encode(arena, &value->slice, ret_bytes);
    case ROSTER_VALUE_RUNNING:
        return roster_running_encode(arena, &value->running, ret_bytes);
    case ROSTER_VALUE_REFUSALS:
        return roster_refusals_encode(arena, &value->refusals, ret_bytes);
    }
    return STATUS_INVARIANT_BROKEN;
}
