#include "producers/warning.h"

#include "producers/envelope.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <stdio.h>

#define DEPARTMENT Settled__V1__Warning__Department

struct producer_alert producer_alert_of(const struct policy_pack *pack, const struct watch_change *change, day on)
{
    const struct policy_version *version = pack->watch == NULL ? NULL : policy_rule_on(pack->watch, on);
    struct producer_alert alert = { .kind = change->kind,
        .year = change->year,
        .key_person = change->key_person,
        .watch = change->watch,
        .subject_id = change->subject == NULL ? TEXT_EMPTY : change->subject->id };
    if (version == NULL)
        return alert;
    alert.departments = version->watch.departments;
    if (change->kind == WATCH_CROSSED)
        alert.reply_due_on = policy_working_days_after(pack, on, version->watch.reply_working_days);
    return alert;
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

static char *day_text(struct arena *arena, day d)
{
    char text[DAY_TEXT_SIZE] = "";
    return wire_text(arena, text_of(d.n == 0 ? text : day_format(d, text)));
}

static enum status add_alert(struct arena *arena, const struct producer_alert *alert, Settled__V1__Warning *message)
{
    char period[sizeof "2147483647-12"] = "";
    message->year = alert->year;
    message->kind = (Settled__V1__Warning__Kind)alert->kind;
    message->key_person = alert->key_person;
    if (alert->watch != NULL) {
        message->burden_fen = alert->watch->burden.fen;
        message->threshold_fen = alert->watch->threshold.fen;
    }
    if (alert->period.month != 0)
        snprintf(period, sizeof period, "%04d-%02d", alert->period.year % 10000, alert->period.month % 100);
    message->period = wire_text(arena, text_of(period));
    message->due_on = day_text(arena, alert->due_on);
    message->reply_due_on = day_text(arena, alert->reply_due_on);
    message->new_this_month = alert->is_new;
    message->count = alert->count;
    message->subject_id = wire_text(arena, alert->subject_id);
    return add_departments(arena, alert->departments, message);
}

static enum status add_cause(struct arena *arena, const struct producer_cause *cause,
    const struct producer_person *person, struct producer_alert *alert, Settled__V1__Warning *message)
{
    char kind_and_year[5] = { (char)('A' + alert->kind), (char)('0' + alert->year / 1000 % 10),
        (char)('0' + alert->year / 100 % 10), (char)('0' + alert->year / 10 % 10), (char)('0' + alert->year % 10) };
    const struct text parts[] = { person->region, person->person_id, { kind_and_year, sizeof kind_and_year },
        alert->subject_id };
    message->warning_id = producer_id(arena, cause, parts, COUNT_OF(parts));
    message->region = wire_text(arena, person->region);
    message->person_id = wire_text(arena, person->person_id);
    message->name = wire_text(arena, person->name);
    alert->warning_id = text_of(message->warning_id);
    return message->warning_id == NULL ? STATUS_ARENA_FULL : STATUS_OK;
}

enum status producer_warning_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, struct producer_alert *alert)
{
    Settled__V1__Warning message = SETTLED__V1__WARNING__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    Google__Protobuf__Timestamp emitted_at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    enum status status = add_cause(outputs->arena, cause, person, alert, &message);
    if (status == STATUS_OK)
        status = add_alert(outputs->arena, alert, &message);
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
        .id = alert->warning_id,
        .region = person->region,
        .at = cause->emitted_at,
        .key = text_is_empty(alert->key) ? person->person_id : alert->key,
        .cause = cause->record };
    return producer_envelope_emit(outputs, &envelope, &message.base);
}
