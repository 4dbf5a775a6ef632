#include "consumers/case_action.h"

#include "consumers/message_check.h"
#include "proto/wire.h"

/** More encounters than one person's claim can name: a stay a day for a year. */
#define CLAIM_LIMIT 366

static bool is_of_a_case(int type)
{
    return type >= ACTION_APPLY && type <= ACTION_WITHDRAW;
}

static void claim_given_check(struct message_check *check, const Settled__V1__CaseAction *wire)
{
    message_value_given(check, wire->n_encounter_ids != 0, "encounter_ids");
    for (size_t i = 0; i < wire->n_encounter_ids; i++)
        message_value_given(check, wire->encounter_ids[i][0] != '\0', "encounter_ids");
}

static void given_check(
    struct message_check *check, const Settled__V1__CaseAction *wire, const struct message_head *head)
{
    int type = (int)wire->type;
    message_head_given(check, head);
    message_value_given(check, type != 0, "type");
    message_text_given(check, text_of(wire->on), "on");
    if (is_of_a_case(type))
        message_value_given(check, wire->scheme != 0, "scheme");
    if (type == ACTION_CLAIM)
        claim_given_check(check, wire);
    if (type == ACTION_ACCOUNT_INHERIT)
        message_text_given(check, text_of(wire->counterparty_id), "counterparty_id");
    if (type == ACTION_WARNING_REPLY)
        message_text_given(check, text_of(wire->reply_to), "reply_to");
}

static void counterparty_check(struct message_check *check, const Settled__V1__CaseAction *wire)
{
    if ((int)wire->type == ACTION_ACCOUNT_INHERIT)
        message_person_check(check, text_of(wire->counterparty_id), "counterparty_id");
}

static int year_read(struct message_check *check, int year, day on)
{
    if (year == 0)
        return day_year(on);
    if (year < 1 || year > 9999)
        message_refuse(check, STATUS_BAD_VALUE, "year");
    return year;
}

static void terms_read(struct message_check *check, const Settled__V1__CaseAction *wire, struct fact_case *action)
{
    action->action = message_term_read(check, TERM_ACTION, (int)wire->type, "type", 0);
    action->scheme = message_term_read(check, TERM_SCHEME, (int)wire->scheme, "scheme", 0);
}

static void action_read(struct message_check *check, const Settled__V1__CaseAction *wire, struct fact_case *action)
{
    const struct message_amount amount = { wire->amount_fen, "amount_fen" };
    action->on = message_day_read(check, text_of(wire->on), "on");
    action->year = (int16_t)year_read(check, wire->year, action->on);
    if (wire->n_encounter_ids > CLAIM_LIMIT)
        message_refuse(check, STATUS_BAD_VALUE, "encounter_ids");
    message_amounts_check(check, &amount, 1);
    action->amount = MONEY_FEN(wire->amount_fen);
}

static enum status encounters_read(const Settled__V1__CaseAction *wire, struct arena *arena, struct fact_case *action)
{
    if (wire->n_encounter_ids == 0)
        return STATUS_OK;
    struct text *ids = ARENA_ARRAY(arena, wire->n_encounter_ids, struct text);
    if (ids == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < wire->n_encounter_ids; i++)
        ids[i] = text_of(wire->encounter_ids[i]);
    action->encounter_ids = ids;
    action->encounter_count = wire->n_encounter_ids;
    return STATUS_OK;
}

enum status consumer_case_action_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct message *ret_message, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__case_action__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__CaseAction *wire = (const Settled__V1__CaseAction *)unpacked;
    struct message_head head = MESSAGE_HEAD(wire);
    struct message_check check = { STATUS_OK, fault };
    struct message message = { .fact = { .kind = FACT_CASE, .name = TEXT_EMPTY } };
    message.fact.action = (struct fact_case){ .case_id = text_of(wire->case_id),
        .reason = text_of(wire->reason),
        .counterparty_id = text_of(wire->counterparty_id),
        .reply_to = text_of(wire->reply_to) };
    given_check(&check, wire, &head);
    message_person_read(&check, &head, &message);
    counterparty_check(&check, wire);
    message_region_read(&check, context, head.region, &message.pack);
    terms_read(&check, wire, &message.fact.action);
    message_identity_read(&check, &head, &message.fact);
    if (check.status == STATUS_OK)
        action_read(&check, wire, &message.fact.action);
    if (check.status != STATUS_OK)
        return check.status;
    status = encounters_read(wire, arena, &message.fact.action);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "%s", status_sentence(status));
    *ret_message = message;
    return STATUS_OK;
}

static void encounters_fill(Settled__V1__CaseAction *wire, struct arena *arena, const struct fact_case *action)
{
    if (action->encounter_count == 0)
        return;
    wire->encounter_ids = ARENA_ARRAY(arena, action->encounter_count, char *);
    if (wire->encounter_ids == NULL)
        return;
    wire->n_encounter_ids = action->encounter_count;
    for (size_t i = 0; i < action->encounter_count; i++)
        wire->encounter_ids[i] = wire_text(arena, action->encounter_ids[i]);
}

enum status consumer_case_action_encode(const struct message *message, struct arena *arena, struct text *ret_value)
{
    const struct fact_case *action = &message->fact.action;
    Google__Protobuf__Timestamp recorded_at;
    Settled__V1__CaseAction wire = SETTLED__V1__CASE_ACTION__INIT;
    MESSAGE_HEAD_FILL(&wire, message, arena, &recorded_at);
    wire.case_id = wire_text(arena, action->case_id);
    wire.type = (Settled__V1__CaseAction__Type)action->action;
    wire.on = message_day_text(arena, action->on);
    wire.year = action->year;
    wire.scheme = (Settled__V1__CaseAction__Scheme)action->scheme;
    encounters_fill(&wire, arena, action);
    wire.reason = wire_text(arena, action->reason);
    wire.amount_fen = action->amount.fen;
    wire.counterparty_id = wire_text(arena, action->counterparty_id);
    wire.reply_to = wire_text(arena, action->reply_to);
    return wire_pack(&wire.base, arena, ret_value);
}
