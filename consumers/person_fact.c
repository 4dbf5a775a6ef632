#include "consumers/person_fact.h"

#include "consumers/message_check.h"
#include "proto/wire.h"

#define ROW_OF(name) SETTLED__V1__PERSON_FACT__FACT_##name

static bool is_remove(const Settled__V1__PersonFact *wire)
{
    return wire->action == SETTLED__V1__PERSON_FACT__ACTION__REMOVE;
}

/* What takes back a row needs only what identifies the row. */
static void given_check(
    struct message_check *check, const Settled__V1__PersonFact *wire, const struct message_head *head)
{
    message_head_given(check, head);
    switch (wire->fact_case) {
    case ROW_OF(CONTRIBUTION):
        message_value_given(check, wire->contribution->scheme != 0, "contribution.scheme");
        message_text_given(check, text_of(wire->contribution->period), "contribution.period");
        if (!is_remove(wire))
            message_text_given(check, text_of(wire->contribution->paid_on), "contribution.paid_on");
        return;
    case ROW_OF(ENROLMENT):
        message_value_given(check, wire->enrolment->year != 0, "enrolment.year");
        return;
    case ROW_OF(ACCOUNT_CREDIT):
        message_text_given(check, text_of(wire->account_credit->credited_on), "account_credit.credited_on");
        message_text_given(check, text_of(wire->account_credit->cause_id), "account_credit.cause_id");
        return;
    case SETTLED__V1__PERSON_FACT__FACT__NOT_SET:
    case _SETTLED__V1__PERSON_FACT__FACT__CASE_IS_INT_SIZE:
    default:
        message_value_given(check, false, "fact");
    }
}

static void terms_check(struct message_check *check, const Settled__V1__PersonFact *wire)
{
    message_range_check(check, (int)wire->action, SETTLED__V1__PERSON_FACT__ACTION__REMOVE, "action");
    if (wire->fact_case == ROW_OF(CONTRIBUTION))
        message_term_read(check, TERM_CONTRIBUTION, (int)wire->contribution->scheme, "contribution.scheme", 0);
}

static void contribution_read(struct message_check *check, const Settled__V1__PersonFact *wire, struct fact *fact)
{
    const Settled__V1__PersonFact__Contribution *row = wire->contribution;
    struct fact_contribution *contribution = &fact->contribution;
    fact->kind = FACT_CONTRIBUTION;
    contribution->contribution =
        message_term_read(check, TERM_CONTRIBUTION, (int)row->scheme, "contribution.scheme", 0);
    struct message_period period = message_period_read(check, text_of(row->period), "contribution.period");
    contribution->year = period.year;
    contribution->month = period.month;
    contribution->removed = is_remove(wire);
    if (contribution->removed)
        return;
    contribution->paid_on = message_day_read(check, text_of(row->paid_on), "contribution.paid_on");
    const struct message_amount amounts[] = { { row->amount_fen, "contribution.amount_fen" },
        { row->account_credit_fen, "contribution.account_credit_fen" } };
    message_amounts_check(check, amounts, COUNT_OF(amounts));
    contribution->amount = MONEY_FEN(row->amount_fen);
    contribution->account_credit = MONEY_FEN(row->account_credit_fen);
}

static void enrolment_read(struct message_check *check, const Settled__V1__PersonFact *wire, struct fact *fact)
{
    const Settled__V1__PersonFact__Enrolment *row = wire->enrolment;
    struct fact_enrolment *enrolment = &fact->enrolment;
    fact->kind = FACT_ENROLMENT;
    enrolment->removed = is_remove(wire);
    enrolment->paid = !enrolment->removed && row->paid_on[0] != '\0';
    if (enrolment->paid)
        enrolment->paid_on = message_day_read(check, text_of(row->paid_on), "enrolment.paid_on");
    if (row->year < 1 || row->year > 9999)
        message_refuse(check, STATUS_BAD_VALUE, "enrolment.year");
    enrolment->year = (int16_t)row->year;
    if (enrolment->removed)
        return;
    const struct message_amount premium = { row->premium_fen, "enrolment.premium_fen" };
    message_amounts_check(check, &premium, 1);
    enrolment->premium = MONEY_FEN(row->premium_fen);
}

/* The check is for size alone: a correction of what was inherited may take money back. */
static int64_t size_of(int64_t fen)
{
    return fen >= 0 ? fen : fen == INT64_MIN ? INT64_MAX : -fen;
}

/* Made by ourselves out of an inheritance, and never taken back: a correction is another credit. */
static void credit_read(struct message_check *check, const Settled__V1__PersonFact *wire, struct fact *fact)
{
    const Settled__V1__PersonFact__AccountCredit *row = wire->account_credit;
    const struct message_amount amount = { size_of(row->amount_fen), "account_credit.amount_fen" };
    fact->kind = FACT_CREDIT;
    fact->credit.credited_on = message_day_read(check, text_of(row->credited_on), "account_credit.credited_on");
    if (is_remove(wire))
        message_refuse(check, STATUS_BAD_VALUE, "action");
    message_amounts_check(check, &amount, 1);
    fact->credit.amount = MONEY_FEN(row->amount_fen);
    fact->credit.cause_id = text_of(row->cause_id);
}

static void row_read(struct message_check *check, const Settled__V1__PersonFact *wire, struct fact *fact)
{
    if (wire->fact_case == ROW_OF(CONTRIBUTION))
        contribution_read(check, wire, fact);
    else if (wire->fact_case == ROW_OF(ENROLMENT))
        enrolment_read(check, wire, fact);
    else
        credit_read(check, wire, fact);
}

enum status consumer_person_fact_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct message *ret_message, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__person_fact__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__PersonFact *wire = (const Settled__V1__PersonFact *)unpacked;
    struct message_head head = MESSAGE_HEAD(wire);
    struct message_check check = { STATUS_OK, fault };
    struct message message = { .fact = { .name = text_of(wire->name) } };
    given_check(&check, wire, &head);
    message_person_read(&check, &head, &message);
    message_region_read(&check, context, head.region, &message.pack);
    if (check.status == STATUS_OK)
        terms_check(&check, wire);
    message_identity_read(&check, &head, &message.fact);
    if (check.status == STATUS_OK)
        row_read(&check, wire, &message.fact);
    if (check.status == STATUS_OK)
        *ret_message = message;
    return check.status;
}

/* The row in the making: pointed at by the message, so it stands together with it. */
struct packing {
    Settled__V1__PersonFact fact;
    Settled__V1__PersonFact__Contribution contribution;
    Settled__V1__PersonFact__Enrolment enrolment;
    Settled__V1__PersonFact__AccountCredit credit;
};

static void action_fill(struct packing *packing, bool removed)
{
    packing->fact.action = removed ? SETTLED__V1__PERSON_FACT__ACTION__REMOVE : SETTLED__V1__PERSON_FACT__ACTION__ADD;
}

static void contribution_fill(
    struct packing *packing, struct arena *arena, const struct fact_contribution *contribution)
{
    Settled__V1__PersonFact__Contribution *row = &packing->contribution;
    char period[MESSAGE_PERIOD_SIZE];
    message_period_format((struct message_period){ contribution->year, contribution->month }, period);
    settled__v1__person_fact__contribution__init(row);
    row->scheme = (Settled__V1__PersonFact__Contribution__Scheme)contribution->contribution;
    row->period = wire_text(arena, text_of(period));
    if (!contribution->removed)
        row->paid_on = message_day_text(arena, contribution->paid_on);
    row->amount_fen = contribution->amount.fen;
    row->account_credit_fen = contribution->account_credit.fen;
    action_fill(packing, contribution->removed);
    packing->fact.fact_case = ROW_OF(CONTRIBUTION);
    packing->fact.contribution = row;
}

static void enrolment_fill(struct packing *packing, struct arena *arena, const struct fact_enrolment *enrolment)
{
    Settled__V1__PersonFact__Enrolment *row = &packing->enrolment;
    settled__v1__person_fact__enrolment__init(row);
    row->year = enrolment->year;
    row->premium_fen = enrolment->premium.fen;
    if (enrolment->paid)
        row->paid_on = message_day_text(arena, enrolment->paid_on);
    action_fill(packing, enrolment->removed);
    packing->fact.fact_case = ROW_OF(ENROLMENT);
    packing->fact.enrolment = row;
}

static void credit_fill(struct packing *packing, struct arena *arena, const struct fact_credit *credit)
{
    Settled__V1__PersonFact__AccountCredit *row = &packing->credit;
    settled__v1__person_fact__account_credit__init(row);
    row->amount_fen = credit->amount.fen;
    row->credited_on = message_day_text(arena, credit->credited_on);
    row->cause_id = wire_text(arena, credit->cause_id);
    action_fill(packing, false);
    packing->fact.fact_case = ROW_OF(ACCOUNT_CREDIT);
    packing->fact.account_credit = row;
}

enum status consumer_person_fact_encode(const struct message *message, struct arena *arena, struct text *ret_value)
{
    struct packing packing;
    Google__Protobuf__Timestamp recorded_at;
    settled__v1__person_fact__init(&packing.fact);
    MESSAGE_HEAD_FILL(&packing.fact, message, arena, &recorded_at);
    packing.fact.name = wire_text(arena, message->fact.name);
    if (message->fact.kind == FACT_CONTRIBUTION)
        contribution_fill(&packing, arena, &message->fact.contribution);
    else if (message->fact.kind == FACT_ENROLMENT)
        enrolment_fill(&packing, arena, &message->fact.enrolment);
    else
        credit_fill(&packing, arena, &message->fact.credit);
    return wire_pack(&packing.fact.base, arena, ret_value);
}
