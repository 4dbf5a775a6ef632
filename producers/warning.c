#include "producers/warning.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#define DEPARTMENT Settled__V1__Warning__Department

/* Pingshun art. 31: the departments answer a warning within so many working days. */
static const struct policy_watch_values *values_on(const struct policy_pack *pack, day d)
{
    const struct policy_version *version = pack->watch == NULL ? NULL : policy_rule_on(pack->watch, d);
    return version == NULL ? NULL : &version->watch;
}

static enum status add_departments(struct arena *arena, term_set departments, Settled__V1__Warning *message)
{
    message->departments = ARENA_ARRAY(arena, TERM_LIMIT, DEPARTMENT);
    if (message->departments == NULL)
        return STATUS_ARENA_FULL;
    for (int value = 1; value < TERM_LIMIT; value++)
        if (term_holds(departments, value))
            message->departments[message->n_departments++] = (DEPARTMENT)value;
    return STATUS_OK;
}

static enum status add_watch(struct arena *arena, const struct producer_person *person,
    const struct producer_alert *alert, Settled__V1__Warning *message)
{
    const struct watch_change *change = alert->change;
    message->year = change->year;
    message->kind = (Settled__V1__Warning__Kind)change->kind;
    message->key_person = change->key_person;
    if (change->watch != NULL) {
        message->burden_fen = change->watch->burden.fen;
        message->threshold_fen = change->watch->threshold.fen;
    }
    const struct policy_watch_values *values = values_on(person->pack, alert->on);
    if (values == NULL)
        return STATUS_OK;
    if (change->kind == WATCH_CROSSED) {
        message->reply_due_on = arena_take(arena, DAY_TEXT_SIZE);
        if (message->reply_due_on == NULL)
            return STATUS_ARENA_FULL;
        day_format(
            policy_working_days_after(person->pack, alert->on, values->reply_working_days), message->reply_due_on);
    }
    return add_departments(arena, values->departments, message);
}

static enum status add_cause(struct arena *arena, const struct producer_cause *cause,
    const struct producer_person *person, const struct watch_change *change, Settled__V1__Warning *message)
{
    char kind_and_year[5] = { (char)('A' + change->kind), (char)('0' + change->year / 1000 % 10),
        (char)('0' + change->year / 100 % 10), (char)('0' + change->year / 10 % 10), (char)('0' + change->year % 10) };
    struct text subject_id = change->subject == NULL ? TEXT_EMPTY : change->subject->id;
    const struct text parts[] = { person->region, person->person_id, { kind_and_year, sizeof kind_and_year },
        subject_id };
    message->warning_id = producer_id(arena, cause, parts, COUNT_OF(parts));
    message->region = wire_text(arena, person->region);
    message->person_id = wire_text(arena, person->person_id);
    message->name = wire_text(arena, person->name);
    message->subject_id = wire_text(arena, subject_id);
    return message->warning_id == NULL ? STATUS_ARENA_FULL : STATUS_OK;
}

enum status producer_warning_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, const struct producer_alert *alert)
{
    Settled__V1__Warning message = SETTLED__V1__WARNING__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    Google__Protobuf__Timestamp emitted_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    enum status status = add_cause(outputs->arena, cause, person, alert->change, &message);
    if (status == STATUS_OK)
        status = add_watch(outputs->arena, person, alert, &message);
    if (status != STATUS_OK)
        return status;
    trigger.topic = (char *)(uintptr_t)cause->topic;
    trigger.partition = cause->record->partition;
    trigger.offset = cause->record->offset;
    message.trigger = &trigger;
    emitted_at.seconds = cause->emitted_at.seconds;
    emitted_at.nanos = cause->emitted_at.nanos;
    message.emitted_at = &emitted_at;
    const struct envelope envelope = { .topic = "warning",
        .type = "settled.v1.Warning",
        .id = text_of(message.warning_id),
        .region = person->region,
        .at = cause->emitted_at,
        .key = person->person_id,
        .cause = cause->record };
    return producer_envelope_emit(outputs, &envelope, &message.base);
}
