/* What was told is remembered by way of the log: a record to the own partition, in the transaction of the warnings, and
 * only what is read from there is stored. A rebuild, in which nothing is told, comes to the same memory. */
#include "consumers/stage_person_parts.h"

/** Warnings that one record carries: far below what a broker takes. */
#define TOLD_RECORD_MOST 1000

struct store_key stage_person_told_key(const uint8_t secret[16], struct text region, struct text person_id)
{
    char name[32] = "told";
    CHECK(person_id.length <= sizeof name - 4);
    memcpy(name + 4, person_id.at, person_id.length);
    return stage_person_key(secret, region, (struct text){ name, 4 + person_id.length });
}

enum status stage_person_told(const struct person_turn *turn, struct text region, struct text person_id,
    struct view_entry **ret_entry, struct told_list **ret_told)
{
    struct store_key key = stage_person_told_key(turn->stage->config.key_secret, region, person_id);
    enum status status = view_get(turn->turn->view, turn->record->partition, &key, ret_entry, turn->turn->fault);
    if (status == STATUS_OK)
        status = stage_person_open_value(turn, *ret_entry, PERSON_VALUE_TOLD);
    if (status == STATUS_OK)
        *ret_told = ((struct person_value *)(*ret_entry)->object)->told;
    return status;
}

enum status stage_person_send_told(
    const struct person_turn *turn, const struct period_close *cause, const struct period_told *told, size_t count)
{
    enum status status = STATUS_OK;
    for (size_t from = 0; from < count && status == STATUS_OK; from += TOLD_RECORD_MOST) {
        struct period_close record = { .event_id = told[from].told.warning_id,
            .recorded_at = cause->recorded_at,
            .region = cause->region,
            .year = cause->year,
            .month = cause->month,
            .closed_on = cause->closed_on,
            .partition = turn->record->partition,
            .told = told + from,
            .told_count = count - from < TOLD_RECORD_MOST ? count - from : TOLD_RECORD_MOST };
        struct log_output output = {
            .topic = "period-close", .partition = turn->record->partition, .key = cause->region
        };
        status = consumer_period_close_encode(&record, turn->turn->arena, &output.value);
        if (status == STATUS_OK)
            status = outputs_add(turn->turn->outputs, &output);
    }
    return status;
}

static enum status fetch_told(const struct person_turn *turn, const struct period_close *close)
{
    struct store_key *keys = ARENA_ARRAY(turn->turn->arena, close->told_count, struct store_key);
    if (keys == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < close->told_count; i++)
        keys[i] = stage_person_told_key(turn->stage->config.key_secret, close->region, close->told[i].person_id);
    return view_fetch(turn->turn->view, turn->record->partition, keys, close->told_count, turn->turn->fault);
}

enum status stage_person_remember(const struct person_turn *turn, const struct period_close *close)
{
    enum status status = fetch_told(turn, close);
    for (size_t i = 0; i < close->told_count && status == STATUS_OK; i++) {
        struct view_entry *entry = NULL;
        struct told_list *told = NULL;
        status = stage_person_told(turn, close->region, close->told[i].person_id, &entry, &told);
        if (status == STATUS_OK && told_add(told, &close->told[i].told))
            entry->changed = true;
    }
    return status;
}
