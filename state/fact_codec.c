#include "state/fact_codec.h"

#include <stddef.h>

enum field_type {
    FIELD_U8,
    FIELD_I8,
    FIELD_I16,
    FIELD_DAY,
    FIELD_I64,
    FIELD_BOOL,
    FIELD_TEXT,
    FIELD_INSTANT,
    FIELD_MONEY
};

struct field {
    uint16_t offset;
    uint8_t type;
};

#define FIELD(type, member)                                                                                            \
    {                                                                                                                  \
        offsetof(struct fact, member), FIELD_##type                                                                    \
    }

/* New fields go to the end of a list, and are then absent from older bytes: they read as zero. */
static const struct field common_fields[] = { FIELD(TEXT, source), FIELD(TEXT, event_id), FIELD(TEXT, name),
    FIELD(INSTANT, recorded_at) };

static const struct field admission_fields[] = { FIELD(TEXT, admission.encounter_id), FIELD(I64, admission.version),
    FIELD(BOOL, admission.voided), FIELD(INSTANT, admission.admitted_at), FIELD(TEXT, admission.institution_code),
    FIELD(TEXT, admission.institution_name) };

static const struct field discharge_fields[] = {
    FIELD(TEXT, discharge.encounter_id),
    FIELD(I64, discharge.version),
    FIELD(BOOL, discharge.voided),
    FIELD(BOOL, discharge.has_admitted_at),
    FIELD(INSTANT, discharge.admitted_at),
    FIELD(INSTANT, discharge.discharged_at),
    FIELD(U8, discharge.visit.care),
    FIELD(U8, discharge.visit.referral),
    FIELD(U8, discharge.visit.channel),
    FIELD(U8, discharge.visit.exclusion),
    FIELD(U8, discharge.visit.chronic_class),
    FIELD(U8, discharge.visit.level),
    FIELD(U8, discharge.visit.charge_class),
    FIELD(BOOL, discharge.visit.designated),
    FIELD(BOOL, discharge.visit.has_critical_illness),
    FIELD(BOOL, discharge.visit.has_account),
    FIELD(U8, discharge.visit.account_use),
    FIELD(U8, discharge.visit.purpose),
    FIELD(TEXT, discharge.visit.institution_code),
    FIELD(TEXT, discharge.visit.institution_name),
    FIELD(TEXT, discharge.visit.institution_region),
    FIELD(TEXT, discharge.visit.account_owner),
    FIELD(TEXT, discharge.visit.account_beneficiary),
    FIELD(MONEY, discharge.visit.account_requested),
    FIELD(MONEY, discharge.visit.total),
    FIELD(MONEY, discharge.visit.in_policy),
    FIELD(MONEY, discharge.visit.pre_self_pay),
    FIELD(MONEY, discharge.visit.out_of_catalogue),
    FIELD(MONEY, discharge.visit.basic_deductible),
    FIELD(MONEY, discharge.visit.paid[PAYER_BASIC]),
    FIELD(MONEY, discharge.visit.paid[PAYER_CRITICAL_ILLNESS]),
    FIELD(MONEY, discharge.visit.paid[PAYER_LARGE_SUPPLEMENT]),
    FIELD(MONEY, discharge.visit.paid[PAYER_ENTERPRISE_SUPPLEMENT]),
    FIELD(MONEY, discharge.visit.paid[PAYER_COMMERCIAL]),
    FIELD(MONEY, discharge.visit.paid[PAYER_MUTUAL_AID]),
    FIELD(MONEY, discharge.visit.paid[PAYER_OTHER_AID]),
};

static const struct field identity_fields[] = { FIELD(U8, identity.category), FIELD(U8, identity.action),
    FIELD(U8, identity.funding), FIELD(U8, identity.relation), FIELD(DAY, identity.effective_on),
    FIELD(TEXT, identity.relative_id), FIELD(TEXT, identity.roster_id), FIELD(TEXT, identity.reply_to) };

static const struct field contribution_fields[] = { FIELD(U8, contribution.contribution),
    FIELD(BOOL, contribution.removed), FIELD(I16, contribution.year), FIELD(I8, contribution.month),
    FIELD(DAY, contribution.paid_on), FIELD(MONEY, contribution.amount), FIELD(MONEY, contribution.account_credit) };

static const struct field enrolment_fields[] = { FIELD(BOOL, enrolment.removed), FIELD(BOOL, enrolment.paid),
    FIELD(I16, enrolment.year), FIELD(DAY, enrolment.paid_on), FIELD(MONEY, enrolment.premium) };

static const struct field credit_fields[] = { FIELD(DAY, credit.credited_on), FIELD(MONEY, credit.amount),
    FIELD(TEXT, credit.cause_id) };

static const struct field case_fields[] = { FIELD(U8, action.action), FIELD(U8, action.scheme), FIELD(I16, action.year),
    FIELD(DAY, action.on), FIELD(TEXT, action.case_id), FIELD(TEXT, action.reason), FIELD(TEXT, action.counterparty_id),
    FIELD(TEXT, action.reply_to), FIELD(MONEY, action.amount) };

static const struct {
    const struct field *fields;
    size_t count;
} kinds[FACT_KIND_COUNT] = {
    [FACT_ADMISSION] = { admission_fields, COUNT_OF(admission_fields) },
    [FACT_DISCHARGE] = { discharge_fields, COUNT_OF(discharge_fields) },
    [FACT_IDENTITY] = { identity_fields, COUNT_OF(identity_fields) },
    [FACT_CONTRIBUTION] = { contribution_fields, COUNT_OF(contribution_fields) },
    [FACT_ENROLMENT] = { enrolment_fields, COUNT_OF(enrolment_fields) },
    [FACT_CREDIT] = { credit_fields, COUNT_OF(credit_fields) },
    [FACT_CASE] = { case_fields, COUNT_OF(case_fields) },
};

static void put_field(struct bytes_writer *writer, const char *at, uint8_t type)
{
    switch ((enum field_type)type) {
    case FIELD_U8:
    case FIELD_I8:
    case FIELD_BOOL:
        bytes_put_number(writer, *(const uint8_t *)at);
        break;
    case FIELD_I16:
        bytes_put_signed(writer, *(const int16_t *)(const void *)at);
        break;
    case FIELD_DAY:
        bytes_put_signed(writer, ((const day *)(const void *)at)->n);
        break;
    case FIELD_I64:
    case FIELD_MONEY:
        bytes_put_signed(writer, *(const int64_t *)(const void *)at);
        break;
    case FIELD_TEXT:
        bytes_put_text(writer, *(const struct text *)(const void *)at);
        break;
    case FIELD_INSTANT:
        bytes_put_signed(writer, ((const instant *)(const void *)at)->seconds);
        bytes_put_number(writer, (uint64_t)((const instant *)(const void *)at)->nanos);
        break;
    }
}

static void get_field(struct bytes_reader *reader, char *at, uint8_t type)
{
    switch ((enum field_type)type) {
    case FIELD_U8:
    case FIELD_I8:
        *(uint8_t *)at = (uint8_t)bytes_get_number(reader);
        break;
    case FIELD_BOOL:
        *(bool *)at = bytes_get_number(reader) != 0;
        break;
    case FIELD_I16:
        *(int16_t *)(void *)at = (int16_t)bytes_get_signed(reader);
        break;
    case FIELD_DAY:
        ((day *)(void *)at)->n = (int32_t)bytes_get_signed(reader);
        break;
    case FIELD_I64:
    case FIELD_MONEY:
        *(int64_t *)(void *)at = bytes_get_signed(reader);
        break;
    case FIELD_TEXT:
        *(struct text *)(void *)at = bytes_get_text(reader);
        break;
    case FIELD_INSTANT:
        ((instant *)(void *)at)->seconds = bytes_get_signed(reader);
        ((instant *)(void *)at)->nanos = (int32_t)bytes_get_number(reader);
        break;
    }
}

static void put_fields(struct bytes_writer *writer, const struct fact *fact, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_field(writer, (const char *)fact + fields[i].offset, fields[i].type);
}

/* Not inlined: two copies of its switch, one for the common fields, take a third longer than one does. */
__attribute__((noinline)) static void get_fields(
    struct bytes_reader *reader, struct fact *fact, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count && reader->at < reader->end; i++)
        get_field(reader, (char *)fact + fields[i].offset, fields[i].type);
}

enum status fact_encode(struct arena *arena, struct fact *fact)
{
    CHECK(fact->kind > 0 && fact->kind < FACT_KIND_COUNT);
    struct bytes_writer writer = bytes_writer_of(arena, 320);
    bytes_put_number(&writer, fact->kind);
    put_fields(&writer, fact, common_fields, COUNT_OF(common_fields));
    if (fact->kind == FACT_CASE) {
        bytes_put_number(&writer, fact->action.encounter_count);
        for (size_t i = 0; i < fact->action.encounter_count; i++)
            bytes_put_text(&writer, fact->action.encounter_ids[i]);
    }
    put_fields(&writer, fact, kinds[fact->kind].fields, kinds[fact->kind].count);
    if (writer.failed)
        return STATUS_ARENA_FULL;
    fact->stored = bytes_written(&writer);
    return STATUS_OK;
}

static enum status get_encounter_ids(struct arena *arena, struct bytes_reader *reader, struct fact *fact)
{
    size_t count = bytes_get_count(reader);
    if (reader->failed)
        return STATUS_BAD_STATE;
    struct text *ids = ARENA_ARRAY(arena, count + 1, struct text);
    if (ids == NULL)
        return STATUS_ARENA_FULL;
    for (size_t i = 0; i < count; i++)
        ids[i] = bytes_get_text(reader);
    fact->action.encounter_ids = ids;
    fact->action.encounter_count = count;
    return STATUS_OK;
}

enum status fact_decode(struct arena *arena, struct text bytes, struct fact *ret_fact)
{
    struct bytes_reader reader = bytes_reader_of(bytes);
    uint64_t kind = bytes_get_number(&reader);
    if (kind == 0 || kind >= FACT_KIND_COUNT)
        return STATUS_BAD_STATE;
    *ret_fact = (struct fact){ .kind = (uint8_t)kind, .stored = bytes };
    get_fields(&reader, ret_fact, common_fields, COUNT_OF(common_fields));
    if (kind == FACT_CASE) {
        enum status status = get_encounter_ids(arena, &reader, ret_fact);
        if (status != STATUS_OK)
            return status;
    }
    get_fields(&reader, ret_fact, kinds[kind].fields, kinds[kind].count);
    return bytes_at_end(&reader) ? STATUS_OK : STATUS_BAD_STATE;
}
