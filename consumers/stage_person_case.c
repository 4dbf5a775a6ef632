/* What case actions cause beside settlements: reports of those that do not fit, and what heirs receive. */
#include "consumers/stage_person_parts.h"

#include "consumers/person_fact.h"

enum status stage_person_case_files(
    const struct person_turn *turn, const struct person *person, struct case_files *ret_files)
{
    size_t from = 0, count = 0;
    while (from < person->count && person->facts[from]->kind != FACT_CASE)
        from++;
    while (from + count < person->count && person->facts[from + count]->kind == FACT_CASE)
        count++;
    return case_files_of(turn->turn->arena, person->facts + from, count, ret_files);
}

static bool is_among(const struct fact *fact, const struct case_files *files)
{
    for (size_t i = 0; i < files->misfit_count; i++)
        if (files->misfits[i] == fact)
            return true;
    return false;
}

enum status stage_person_report_misfits(const struct person_turn *turn, const struct message *message,
    const struct case_files *before, const struct person *person)
{
    struct case_files after;
    struct fault fault;
    (void)fault_set(
        &fault, STATUS_OUT_OF_ORDER, "type", "does not fit the case as it stands; judged again with each action");
    enum status status = stage_person_case_files(turn, person, &after);
    for (size_t i = 0; status == STATUS_OK && i < after.misfit_count; i++)
        if (!is_among(after.misfits[i], before))
            status = stage_person_report(turn, message, after.misfits[i], &fault);
    return status;
}

/* ---- Inheritance: each correction is a credit of its own, and their sum is what was inherited ---- */

struct bequest {
    struct text heir;
    struct text cause_id;
    day moved_on;
    money amount; /* below zero: taken back */
    char part;    /* tells two credits of one cause apart */
};

static enum status emit_credit(const struct person_turn *turn, const struct producer_person *person,
    const struct bequest *bequest, instant recorded_at)
{
    if (money_is_zero(bequest->amount))
        return STATUS_OK;
    const struct producer_cause cause = { .topic = stage_person_topics[turn->record->topic], .record = turn->record };
    const struct text parts[] = { person->region, person->person_id, bequest->cause_id, { &bequest->part, 1 } };
    const char *id = producer_id(turn->turn->arena, &cause, parts, COUNT_OF(parts));
    if (id == NULL)
        return STATUS_ARENA_FULL;
    /* The heir has it the next day (rules.md S), or on the last day there is. */
    day next = bequest->moved_on.n < DAY_LAST.n ? day_add(bequest->moved_on, 1) : DAY_LAST;
    const struct message message = { .region = person->region,
        .person_id = bequest->heir,
        .fact = { .kind = FACT_CREDIT,
            .source = TEXT("settled"),
            .event_id = text_of(id),
            .recorded_at = recorded_at,
            .credit = { .credited_on = next, .amount = bequest->amount, .cause_id = bequest->cause_id } } };
    struct log_output output = { .topic = "person-fact", .partition = -1, .key = bequest->heir };
    enum status status = consumer_person_fact_encode(&message, turn->turn->arena, &output.value);
    return status == STATUS_OK ? outputs_add(turn->turn->outputs, &output) : status;
}

/* What the heir of before loses and the heir of now receives; one credit when it is the same person on the same day. */
static enum status pass_on(const struct person_turn *turn, const struct producer_person *person,
    const struct settlement_change *change, instant recorded_at)
{
    struct bequest given = { .part = '+' }, taken = { .part = '-' };
    if (change->after != NULL && !text_is_empty(change->after->heir)) {
        given.heir = change->after->heir;
        given.cause_id = change->after->id;
        given.moved_on = change->after->moved_on;
        given.amount = change->after->account;
    }
    if (change->before != NULL && !text_is_empty(change->before->heir)) {
        taken.heir = change->before->heir;
        taken.cause_id = change->before->id;
        taken.moved_on = change->before->moved_on;
        taken.amount = money_sub(MONEY_ZERO, change->before->account);
    }
    if (text_equal(given.heir, taken.heir) && given.moved_on.n == taken.moved_on.n) {
        given.amount = money_add(given.amount, taken.amount);
        taken.amount = MONEY_ZERO;
    }
    enum status status = emit_credit(turn, person, &given, recorded_at);
    return status == STATUS_OK ? emit_credit(turn, person, &taken, recorded_at) : status;
}

enum status stage_person_inherit(const struct person_turn *turn, const struct producer_person *person,
    const struct difference *difference, instant recorded_at)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < difference->settlement_count && status == STATUS_OK; i++)
        status = pass_on(turn, person, &difference->settlements[i], recorded_at);
    return status;
}
