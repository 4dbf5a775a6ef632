/* A period closes for everybody. The calendar is marked at once, so that whoever is settled later is settled under it;
 * those who stand in the store already are visited some at a time. A continuation record to the own partition, in the
 * same transaction, carries the place where the next visit begins: after any crash it resumes, and a second visit finds
 * nothing to do. */
#include "consumers/stage_person_parts.h"

/** Persons visited in one go; each may have a few settlements. */
#define VISIT_MOST 500

static const struct store_key before_all = { { 0 } };

static enum status mark_calendar(
    const struct person_turn *turn, const struct period_close *close, struct calendar *calendar, bool *ret_changed)
{
    bool changed = close->month == 0 && calendar_close_year(calendar, close->year);
    if (!money_is_zero(close->grant)) {
        const struct fold_grant grant = {
            .event_id = close->event_id, .on = close->grant_on, .per_head = close->grant
        };
        bool granted = false;
        enum status status = calendar_add_grant(calendar, &grant, &granted);
        if (status != STATUS_OK)
            return fault_set(turn->turn->fault, status, "grant_fen", "%s", status_sentence(status));
        changed = changed || granted;
    }
    *ret_changed = changed;
    return STATUS_OK;
}

static enum status go_on_after(
    const struct person_turn *turn, const struct period_close *close, const struct store_key *after)
{
    struct period_close next = *close;
    next.partition = turn->record->partition;
    next.cursor = (struct text){ (const char *)after->bytes, sizeof after->bytes };
    struct log_output output = {
        .topic = "period-close", .partition = turn->record->partition, .key = turn->record->key
    };
    enum status status = consumer_period_close_encode(&next, turn->turn->arena, &output.value);
    return status == STATUS_OK ? outputs_add(turn->turn->outputs, &output) : status;
}

/* Somebody of another region, or the calendar itself, is passed over. */
static enum status visit_one(const struct person_turn *turn, const struct person_region *region,
    const struct period_close *close, const struct store_key *key)
{
    struct view_entry *entry = NULL;
    struct person *person = NULL;
    enum status status = view_get(turn->turn->view, turn->record->partition, key, &entry, turn->turn->fault);
    if (status != STATUS_OK || frame_is(entry->bytes, FRAME_CALENDAR))
        return status;
    status = stage_person_open(turn, entry, &person);
    if (status != STATUS_OK || !text_equal(person->region, region->region))
        return status;
    status = stage_person_settle(turn, region, entry, close->recorded_at);
    arena_reset(turn->stage->scratch);
    return status;
}

static enum status visit_some(
    const struct person_turn *turn, const struct person_region *region, const struct period_close *close)
{
    struct store_key after, *keys = ARENA_ARRAY(turn->turn->arena, VISIT_MOST, struct store_key);
    size_t count = 0;
    if (keys == NULL)
        return STATUS_ARENA_FULL;
    if (close->cursor.length != sizeof after.bytes)
        return fault_set(turn->turn->fault, STATUS_BAD_VALUE, "cursor", "not a place in the partition");
    memcpy(after.bytes, close->cursor.at, sizeof after.bytes);
    enum status status =
        view_scan(turn->turn->view, turn->record->partition, &after, VISIT_MOST, keys, &count, turn->turn->fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = visit_one(turn, region, close, &keys[i]);
    if (status == STATUS_OK && count == VISIT_MOST)
        status = go_on_after(turn, close, &keys[count - 1]);
    return status;
}

enum status stage_person_close(const struct person_turn *turn, const struct period_close *close)
{
    struct person_region region;
    bool changed = false;
    enum status status = stage_person_region(turn, close->region, close->pack, &region);
    if (status != STATUS_OK)
        return status;
    if (!text_is_empty(close->cursor))
        return visit_some(turn, &region, close);
    status = mark_calendar(turn, close, region.calendar, &changed);
    if (status != STATUS_OK || !changed)
        return status;
    region.entry->changed = true;
    return go_on_after(turn, close, &before_all);
}
