#include "producers/settlement.h"

#include "producers/envelope.h"
#include "producers/note.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#define LINE Settled__V1__Settlement__Line
#define CATEGORY Settled__V1__IdentityChange__Category

/* What a pack lets pass is no longer than what our own reader takes. */
_Static_assert(POLICY_ID_BYTES <= WIRE_TEXT_LIMIT, "a rule's id fits its field");
_Static_assert(POLICY_ARTICLE_BYTES <= WIRE_TEXT_LIMIT, "an article fits its field");

/* A settlement in the making: the message and where its parts live. */
struct draft {
    struct arena *arena;
    const struct producer_cause *cause;
    const struct producer_person *person;
    Settled__V1__Settlement message;
    Settled__V1__Settlement__Trigger trigger;
    Settled__V1__Settlement__Identity identity;
    Settled__V1__Settlement__Totals totals;
    Google__Protobuf__Timestamp recorded_at;
    Google__Protobuf__Timestamp emitted_at;
};

/* ---- Lines ---- */

static LINE *new_line(struct arena *arena)
{
    LINE *line = ARENA_NEW(arena, LINE);
    if (line != NULL)
        settled__v1__settlement__line__init(line);
    return line;
}

static enum status fill_line(struct arena *arena, const struct policy_line *from, money delta, LINE *to)
{
    const char *note = producer_note(arena, from);
    if (note == NULL)
        return STATUS_ARENA_FULL;
    /* protobuf-c wants writable text and does not write it; the pack outlives the message. */
    to->rule = (char *)(uintptr_t)from->rule->id;
    to->article = (char *)(uintptr_t)from->rule->article;
    to->fund = (Settled__V1__Settlement__Line__Fund)from->fund;
    to->base_fen = from->base.fen;
    to->deductible_fen = from->deductible.fen;
    to->rate_bp = from->share.bp;
    to->amount_fen = from->amount.fen;
    to->capped = from->capped;
    to->note = (char *)(uintptr_t)note;
    to->delta_fen = delta.fen;
    return STATUS_OK;
}

static enum status add_lines(struct draft *draft, const struct ledger_subject *subject, const money *deltas)
{
    LINE **lines = ARENA_ARRAY(draft->arena, subject->line_count + 1, LINE *);
    if (lines == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < subject->line_count; i++) {
        lines[i] = new_line(draft->arena);
        if (lines[i] == NULL
            || fill_line(draft->arena, &subject->lines[i], deltas == NULL ? MONEY_ZERO : deltas[i], lines[i])
                != STATUS_OK)
            return STATUS_ARENA_FULL;
    }
    draft->message.lines = lines;
    draft->message.n_lines = subject->line_count;
    return STATUS_OK;
}

/* The article of a rule that was emitted; empty when the pack has no such rule any more. */
static char *article_of(const struct policy_pack *pack, struct text rule)
{
    for (size_t i = 0; i < pack->rule_count; i++)
        if (text_equal(text_of(pack->rules[i].id), rule))
            return (char *)(uintptr_t)pack->rules[i].article;
    return (char *)(uintptr_t) "";
}

static enum status add_withdrawn(struct draft *draft, const struct settlement_change *change)
{
    LINE **lines = ARENA_ARRAY(draft->arena, change->withdrawn_count + 1, LINE *);
    if (lines == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < change->withdrawn_count; i++) {
        const struct emitted_line *before = change->withdrawn[i];
        lines[i] = new_line(draft->arena);
        const char *note = producer_note_withdrawn(draft->arena);
        if (lines[i] == NULL || note == NULL)
            return STATUS_ARENA_FULL;
        lines[i]->rule = wire_text(draft->arena, before->rule);
        lines[i]->article = article_of(draft->person->pack, before->rule);
        lines[i]->fund = (Settled__V1__Settlement__Line__Fund)before->fund;
        lines[i]->note = (char *)(uintptr_t)note;
        lines[i]->delta_fen = -difference_paid_before(change->before, before).fen;
    }
    draft->message.withdrawn = lines;
    draft->message.n_withdrawn = change->withdrawn_count;
    return STATUS_OK;
}

/* ---- The parts that are not money ---- */

static enum status list_terms(struct arena *arena, term_set set, CATEGORY **ret_list, size_t *ret_count)
{
    CATEGORY *list = ARENA_ARRAY(arena, TERM_LIMIT, CATEGORY);
    if (list == NULL)
        return STATUS_ARENA_FULL;
    size_t count = 0;
    for (int value = 1; value < TERM_LIMIT; value++)
        if (term_holds(set, value))
            list[count++] = (CATEGORY)value;
    *ret_list = list;
    *ret_count = count;
    return STATUS_OK;
}

static enum status add_reasons(struct draft *draft, term_set reasons)
{
    Settled__V1__Settlement__Reason *list = ARENA_ARRAY(draft->arena, TERM_LIMIT, Settled__V1__Settlement__Reason);
    if (list == NULL)
        return STATUS_ARENA_FULL;
    for (int value = 1; value < TERM_LIMIT; value++)
        if (term_holds(reasons, value))
            list[draft->message.n_reasons++] = (Settled__V1__Settlement__Reason)value;
    draft->message.reasons = list;
    return STATUS_OK;
}

static enum status add_identity(struct draft *draft, const struct ledger_subject *subject)
{
    Settled__V1__Settlement__Identity *identity = &draft->identity;
    identity->applied = (CATEGORY)subject->applied;
    identity->half = (Settled__V1__Settlement__Identity__Half)subject->half;
    enum status status =
        list_terms(draft->arena, subject->at_admission, &identity->at_admission, &identity->n_at_admission);
    if (status == STATUS_OK)
        status = list_terms(draft->arena, subject->at_discharge, &identity->at_discharge, &identity->n_at_discharge);
    draft->message.identity = identity;
    return status;
}

static void add_totals(struct draft *draft, const struct ledger_subject *subject)
{
    draft->totals.benefit_fen = subject->benefit.fen;
    draft->totals.hospital_fen = subject->hospital.fen;
    draft->totals.account_fen = subject->account.fen;
    draft->totals.personal_burden_fen = subject->burden.fen;
    /* An account movement is no cost, of which a part could be left to pay in cash. */
    bool is_cost = subject->subject != SUBJECT_ACCOUNT;
    draft->totals.person_cash_fen = is_cost ? money_sub(subject->burden, subject->account).fen : 0;
}

static enum status add_cause(struct draft *draft, uint8_t subject, struct text subject_id)
{
    Settled__V1__Settlement *message = &draft->message;
    char kind = (char)('0' + subject);
    const struct text parts[] = { draft->person->region, draft->person->person_id, { &kind, 1 }, subject_id };
    message->settlement_id = producer_id(draft->arena, draft->cause, parts, COUNT_OF(parts));
    message->region = wire_text(draft->arena, draft->person->region);
    message->person_id = wire_text(draft->arena, draft->person->person_id);
    message->subject_id = wire_text(draft->arena, subject_id);
    message->name = wire_text(draft->arena, draft->person->name);
    if (message->settlement_id == NULL)
        return STATUS_ARENA_FULL;
    message->subject = (Settled__V1__Settlement__Subject)subject;
    draft->trigger.topic = (char *)(uintptr_t)draft->cause->topic;
    draft->trigger.partition = draft->cause->record->partition;
    draft->trigger.offset = draft->cause->record->offset;
    draft->recorded_at.seconds = draft->cause->recorded_at.seconds;
    draft->recorded_at.nanos = draft->cause->recorded_at.nanos;
    draft->trigger.recorded_at = &draft->recorded_at;
    message->trigger = &draft->trigger;
    draft->emitted_at.seconds = draft->cause->emitted_at.seconds;
    draft->emitted_at.nanos = draft->cause->emitted_at.nanos;
    message->emitted_at = &draft->emitted_at;
    message->policy_version = (char *)(uintptr_t)draft->person->pack->version;
    message->totals = &draft->totals;
    return STATUS_OK;
}

/* Who receives the money; what has gone follows it when it moves from one payee to another. */
static void add_payee(struct draft *draft, const struct ledger_payee *payee, const struct ledger_payee *former)
{
    Settled__V1__Settlement *message = &draft->message;
    message->payee = payee->kind == PAYEE_INSTITUTION ? SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION
                                                      : SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON;
    message->institution_code = wire_text(draft->arena, payee->institution_code);
    message->institution_name = wire_text(draft->arena, payee->institution_name);
    if (former == NULL || former->kind == 0 || ledger_payee_same(payee, former))
        return;
    message->former_payee = (Settled__V1__PaymentRequest__Payee)former->kind;
    if (former->kind != PAYEE_INSTITUTION)
        return;
    message->former_institution_code = wire_text(draft->arena, former->institution_code);
    message->former_institution_name = wire_text(draft->arena, former->institution_name);
}

static void begin(
    struct draft *draft, struct arena *arena, const struct producer_cause *cause, const struct producer_person *person)
{
    draft->arena = arena;
    draft->cause = cause;
    draft->person = person;
    settled__v1__settlement__init(&draft->message);
    settled__v1__settlement__trigger__init(&draft->trigger);
    settled__v1__settlement__identity__init(&draft->identity);
    settled__v1__settlement__totals__init(&draft->totals);
    google__protobuf__timestamp__init(&draft->recorded_at);
    google__protobuf__timestamp__init(&draft->emitted_at);
}

static enum status add_subject(struct draft *draft, const struct ledger_subject *subject, const money *deltas)
{
    draft->message.year = subject->year;
    draft->message.status = (Settled__V1__Settlement__Status)subject->outcome;
    add_totals(draft, subject);
    enum status status = add_cause(draft, subject->subject, subject->id);
    if (status == STATUS_OK)
        status = add_reasons(draft, subject->reasons);
    if (status == STATUS_OK)
        status = add_identity(draft, subject);
    return status == STATUS_OK ? add_lines(draft, subject, deltas) : status;
}

static enum status emit(struct outputs *outputs, const struct draft *draft)
{
    const struct envelope envelope = { .topic = "settlement",
        .type = "settled.v1.Settlement",
        .id = text_of(draft->message.settlement_id),
        .region = draft->person->region,
        .at = draft->cause->emitted_at,
        .key = draft->person->person_id,
        .cause = draft->cause->record };
    return producer_envelope_emit(outputs, &envelope, &draft->message.base);
}

enum status producer_settlement_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, const struct settlement_change *change)
{
    struct draft draft;
    begin(&draft, outputs->arena, cause, person);
    draft.message.kind = (Settled__V1__Settlement__Kind)change->kind;
    draft.message.delta_fen = change->delta.fen;
    enum status status;
    if (change->after != NULL) {
        status = add_subject(&draft, change->after, change->deltas);
        add_payee(&draft, &change->after->payee, change->before == NULL ? NULL : &change->before->payee);
    } else {
        draft.message.year = change->before->year;
        draft.message.status = SETTLED__V1__SETTLEMENT__STATUS__FINAL;
        status = add_cause(&draft, change->before->subject, change->before->id);
        add_payee(&draft, &change->before->payee, NULL);
    }
    if (status == STATUS_OK)
        status = add_withdrawn(&draft, change);
    return status == STATUS_OK ? emit(outputs, &draft) : status;
}

enum status producer_trial_emit(struct outputs *outputs, const struct producer_cause *cause,
    const struct producer_person *person, const struct ledger_subject *subject)
{
    struct draft draft;
    begin(&draft, outputs->arena, cause, person);
    draft.message.kind = SETTLED__V1__SETTLEMENT__KIND__TRIAL;
    enum status status = add_subject(&draft, subject, NULL);
    add_payee(&draft, &subject->payee, NULL);
    return status == STATUS_OK ? emit(outputs, &draft) : status;
}
