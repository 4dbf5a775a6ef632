#include "consumers/admission.h"

#include "consumers/message_check.h"
#include "proto/wire.h"

static void given_check(
    struct message_check *check, const Settled__V1__Admission *wire, const struct message_head *head)
{
    message_head_given(check, head);
    message_text_given(check, text_of(wire->encounter_id), "encounter_id");
    message_value_given(check, wire->voided || wire->admitted_at != NULL, "admitted_at");
}

static void stay_read(struct message_check *check, const Settled__V1__Admission *wire, struct fact *fact)
{
    struct fact_admission *stay = &fact->admission;
    stay->admitted_at = message_instant_read(check, wire->admitted_at, "admitted_at");
    message_past_check(check, stay->admitted_at, fact->recorded_at, "admitted_at");
    if (wire->institution == NULL)
        return;
    stay->institution_code = text_of(wire->institution->code);
    stay->institution_name = text_of(wire->institution->name);
}

enum status consumer_admission_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct message *ret_message, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__admission__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__Admission *wire = (const Settled__V1__Admission *)unpacked;
    struct message_head head = MESSAGE_HEAD(wire);
    struct message_check check = { STATUS_OK, fault };
    struct message message = { .fact = { .kind = FACT_ADMISSION, .name = text_of(wire->name) } };
    message.fact.admission = (struct fact_admission){ .encounter_id = text_of(wire->encounter_id),
        .version = wire->version,
        .voided = wire->voided,
        .institution_code = TEXT_EMPTY,
        .institution_name = TEXT_EMPTY };
    given_check(&check, wire, &head);
    message_person_read(&check, &head, &message);
    message_region_read(&check, context, head.region, &message.pack);
    message_identity_read(&check, &head, &message.fact);
    /* Of a void nothing more is looked at or kept: it is as if the admission had not come. */
    if (!wire->voided)
        stay_read(&check, wire, &message.fact);
    if (check.status == STATUS_OK)
        *ret_message = message;
    return check.status;
}

enum status consumer_admission_encode(const struct message *message, struct arena *arena, struct text *ret_value)
{
    const struct fact_admission *stay = &message->fact.admission;
    Google__Protobuf__Timestamp recorded_at, admitted_at;
    Settled__V1__Institution institution = SETTLED__V1__INSTITUTION__INIT;
    Settled__V1__Admission wire = SETTLED__V1__ADMISSION__INIT;
    MESSAGE_HEAD_FILL(&wire, message, arena, &recorded_at);
    wire.name = wire_text(arena, message->fact.name);
    wire.encounter_id = wire_text(arena, stay->encounter_id);
    wire.version = stay->version;
    wire.voided = stay->voided;
    if (!stay->voided) {
        institution.code = wire_text(arena, stay->institution_code);
        institution.name = wire_text(arena, stay->institution_name);
        wire.institution = &institution;
        wire.admitted_at = message_timestamp(stay->admitted_at, &admitted_at);
    }
    return wire_pack(&wire.base, arena, ret_value);
}
