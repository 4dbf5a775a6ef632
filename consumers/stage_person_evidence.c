/* What a ledger that does not add up was computed from, as records that lead there again: the closings and grants that
 * counted for the person, all of the person's facts, and the record at hand (a trial leaves no fact). */
#include "consumers/stage_person_parts.h"

static enum status add_close(struct outputs *outputs, const struct period_close *close)
{
    struct log_output output = { .topic = "period-close", .partition = -1, .key = close->region };
    enum status status = consumer_period_close_encode(close, outputs->arena, &output.value);
    return status == STATUS_OK ? outputs_add(outputs, &output) : status;
}

static enum status add_years(struct outputs *outputs, struct text region, year_set years)
{
    enum status status = STATUS_OK;
    for (int year = 2000; year < 2064 && status == STATUS_OK; year++) {
        const day closed_on = day_of(year + 1, 1, 1);
        struct period_close close = {
            .event_id = TEXT("evidence"), .region = region, .year = (int16_t)year, .closed_on = closed_on
        };
        close.recorded_at = day_begin(closed_on);
        if (year_set_has(years, year))
            status = add_close(outputs, &close);
    }
    return status;
}

static enum status add_grants(struct outputs *outputs, struct text region, const struct calendar_sight *sight)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sight->grant_count && status == STATUS_OK; i++) {
        const struct fold_grant *grant = &sight->grants[i];
        struct period_close close = { .event_id = grant->event_id,
            .recorded_at = day_begin(grant->on),
            .region = region,
            .year = (int16_t)day_year(grant->on),
            .closed_on = grant->on,
            .grant = grant->per_head,
            .grant_on = grant->on };
        status = add_close(outputs, &close);
    }
    return status;
}

static enum status add_facts(struct outputs *outputs, const struct person *person)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < person->count && status == STATUS_OK; i++) {
        const struct message_codec *codec = message_codec_of(person->facts[i]->kind);
        const struct message message = {
            .region = person->region, .person_id = person->person_id, .fact = *person->facts[i]
        };
        struct log_output output = { .topic = codec->topic, .partition = -1, .key = person->person_id };
        status = codec->encode(&message, outputs->arena, &output.value);
        if (status == STATUS_OK)
            status = outputs_add(outputs, &output);
    }
    return status;
}

static enum status add_person(const struct person_turn *turn, struct outputs *outputs, const struct view_entry *entry)
{
    const struct person *person = &((const struct person_value *)entry->object)->person;
    const struct text key = { (const char *)entry->key.bytes, sizeof entry->key.bytes };
    struct person_region region;
    struct calendar_sight sight;
    enum status status = stage_person_region(turn, person->region, NULL, &region);
    if (status == STATUS_OK)
        status = calendar_seen_by(outputs->arena, region.calendar, key, &sight);
    if (status == STATUS_OK)
        status = add_years(outputs, person->region, sight.closed_years);
    if (status == STATUS_OK)
        status = add_grants(outputs, person->region, &sight);
    return status == STATUS_OK ? add_facts(outputs, person) : status;
}

enum status stage_person_evidence(
    struct stage *base, struct stage_turn *turn, const struct log_record *record, struct outputs *outputs)
{
    const struct person_turn person_turn = { .stage = (struct stage_person *)base, .turn = turn, .record = record };
    const struct view_entry *about = turn->about;
    const struct log_output at_hand = {
        .topic = stage_person_topics[record->topic], .key = record->key, .value = record->value
    };
    enum status status = STATUS_OK;
    if (about != NULL && about->object != NULL && stage_person_is_person(about))
        status = add_person(&person_turn, outputs, about);
    turn->about = about;
    if (status != STATUS_OK || text_equal(text_of(at_hand.topic), TEXT("period-close")))
        return status;
    return outputs_add(outputs, &at_hand);
}
