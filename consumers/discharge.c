#include "consumers/discharge.h"

#include "consumers/message_check.h"
#include "proto/wire.h"

static void given_check(
    struct message_check *check, const Settled__V1__Discharge *wire, const struct message_head *head)
{
    message_head_given(check, head);
    message_text_given(check, text_of(wire->encounter_id), "encounter_id");
    if (wire->voided)
        return;
    message_value_given(check, wire->care != 0, "care");
    message_value_given(check, wire->discharged_at != NULL, "discharged_at");
}

static void people_check(struct message_check *check, const Settled__V1__Account *account)
{
    if (account->owner_id[0] != '\0')
        message_person_check(check, text_of(account->owner_id), "account.owner_id");
    if (account->beneficiary_id[0] != '\0')
        message_person_check(check, text_of(account->beneficiary_id), "account.beneficiary_id");
}

static void care_read(struct message_check *check, const Settled__V1__Discharge *wire, struct policy_visit *visit)
{
    visit->care = message_term_read(check, TERM_CARE, (int)wire->care, "care", 0);
    visit->referral = message_term_read(check, TERM_REFERRAL, (int)wire->referral, "referral", REFERRAL_NOT_NEEDED);
    visit->channel = message_term_read(check, TERM_CHANNEL, (int)wire->channel, "channel", CHANNEL_ONE_STOP);
    visit->exclusion = message_term_read(check, TERM_EXCLUSION, (int)wire->exclusion, "exclusion", EXCLUSION_NONE);
}

static void institution_read(
    struct message_check *check, const Settled__V1__Institution *institution, struct policy_visit *visit)
{
    static const Settled__V1__Institution none = SETTLED__V1__INSTITUTION__INIT;
    if (institution == NULL)
        institution = &none;
    visit->level = message_term_read(check, TERM_LEVEL, (int)institution->level, "institution.level", LEVEL_LEVEL_1);
    visit->charge_class =
        message_term_read(check, TERM_CHARGE, (int)institution->charge_class, "institution.charge_class", 0);
    visit->designated = institution->designated;
    visit->institution_code = text_of(institution->code);
    visit->institution_name = text_of(institution->name);
    visit->institution_region = text_of(institution->region);
}

/* Shangluo: without a word on it the account pays at a visit and at a pharmacy, and nowhere else (rules.md S,
 * Order); a purchase on the account alone that says what it wants of the account, but not whether, wants it. */
static uint8_t default_use(const struct policy_visit *visit)
{
    bool pays = visit->care == CARE_OUTPATIENT || visit->care == CARE_PHARMACY
        || (visit->care == CARE_ACCOUNT_PURCHASE && visit->has_account);
    return pays ? ACCOUNT_USE_IF_AVAILABLE : ACCOUNT_USE_NO;
}

static void account_read(struct message_check *check, const Settled__V1__Account *account, struct policy_visit *visit)
{
    static const Settled__V1__Account none = SETTLED__V1__ACCOUNT__INIT;
    visit->has_account = account != NULL;
    if (account == NULL)
        account = &none;
    uint8_t purpose = visit->care == CARE_PHARMACY ? PURPOSE_DRUGSTORE : PURPOSE_MEDICAL;
    visit->account_use =
        message_term_read(check, TERM_ACCOUNT_USE, (int)account->use, "account.use", default_use(visit));
    visit->purpose = message_term_read(check, TERM_PURPOSE, (int)account->purpose, "account.purpose", purpose);
    visit->account_owner = text_of(account->owner_id);
    visit->account_beneficiary = text_of(account->beneficiary_id);
    visit->account_requested = MONEY_FEN(account->requested_fen);
}

static void costs_read(const Settled__V1__Costs *costs, struct policy_visit *visit)
{
    if (costs == NULL)
        return;
    visit->total = MONEY_FEN(costs->total_fen);
    visit->in_policy = MONEY_FEN(costs->in_policy_fen);
    visit->pre_self_pay = MONEY_FEN(costs->pre_self_pay_fen);
    visit->out_of_catalogue = MONEY_FEN(costs->out_of_catalogue_fen);
}

static void paid_read(const Settled__V1__Paid *paid, struct policy_visit *visit)
{
    if (paid == NULL)
        return;
    visit->basic_deductible = MONEY_FEN(paid->basic_deductible_fen);
    visit->paid[PAYER_BASIC] = MONEY_FEN(paid->basic_fen);
    visit->has_critical_illness =
        paid->critical_illness_case == SETTLED__V1__PAID__CRITICAL_ILLNESS_CRITICAL_ILLNESS_FEN;
    if (visit->has_critical_illness)
        visit->paid[PAYER_CRITICAL_ILLNESS] = MONEY_FEN(paid->critical_illness_fen);
    visit->paid[PAYER_LARGE_SUPPLEMENT] = MONEY_FEN(paid->large_supplement_fen);
    visit->paid[PAYER_ENTERPRISE_SUPPLEMENT] = MONEY_FEN(paid->enterprise_supplement_fen);
    visit->paid[PAYER_COMMERCIAL] = MONEY_FEN(paid->commercial_fen);
    visit->paid[PAYER_MUTUAL_AID] = MONEY_FEN(paid->mutual_aid_fen);
    visit->paid[PAYER_OTHER_AID] = MONEY_FEN(paid->other_aid_fen);
}

static void class_check(struct message_check *check, const Settled__V1__Discharge *wire)
{
    bool chronic = wire->care == SETTLED__V1__DISCHARGE__CARE__CHRONIC;
    if (wire->chronic_class < chronic || wire->chronic_class > (chronic ? 3 : 0))
        message_refuse(check, STATUS_BAD_VALUE, "chronic_class");
}

static void amounts_check(struct message_check *check, const struct policy_visit *visit)
{
    const struct message_amount amounts[] = {
        { visit->total.fen, "costs.total_fen" },
        { visit->in_policy.fen, "costs.in_policy_fen" },
        { visit->pre_self_pay.fen, "costs.pre_self_pay_fen" },
        { visit->out_of_catalogue.fen, "costs.out_of_catalogue_fen" },
        { visit->paid[PAYER_BASIC].fen, "paid.basic_fen" },
        { visit->basic_deductible.fen, "paid.basic_deductible_fen" },
        { visit->paid[PAYER_CRITICAL_ILLNESS].fen, "paid.critical_illness_fen" },
        { visit->paid[PAYER_LARGE_SUPPLEMENT].fen, "paid.large_supplement_fen" },
        { visit->paid[PAYER_ENTERPRISE_SUPPLEMENT].fen, "paid.enterprise_supplement_fen" },
        { visit->paid[PAYER_COMMERCIAL].fen, "paid.commercial_fen" },
        { visit->paid[PAYER_MUTUAL_AID].fen, "paid.mutual_aid_fen" },
        { visit->paid[PAYER_OTHER_AID].fen, "paid.other_aid_fen" },
        { visit->account_requested.fen, "account.requested_fen" },
    };
    message_amounts_check(check, amounts, COUNT_OF(amounts));
}

/* Only after amounts_check: the sums must not overflow. */
static void sums_check(struct message_check *check, const struct policy_visit *visit)
{
    if (check->status != STATUS_OK)
        return;
    money sum = money_add(money_add(visit->in_policy, visit->pre_self_pay), visit->out_of_catalogue);
    if (money_cmp(visit->total, sum) != 0)
        message_refuse(check, STATUS_TOTAL_NOT_THE_SUM, "costs.total_fen");
    if (money_cmp(policy_visit_paid(visit), visit->in_policy) > 0)
        message_refuse(check, STATUS_PAYMENTS_ABOVE_COST, "paid");
    if (money_cmp(visit->basic_deductible, visit->in_policy) > 0)
        message_refuse(check, STATUS_DEDUCTIBLE_ABOVE_COST, "paid.basic_deductible_fen");
}

static void times_read(
    struct message_check *check, const Settled__V1__Discharge *wire, struct fact_discharge *discharge)
{
    discharge->admitted_at = message_instant_read(check, wire->admitted_at, "admitted_at");
    discharge->discharged_at = message_instant_read(check, wire->discharged_at, "discharged_at");
    discharge->has_admitted_at = wire->admitted_at != NULL;
    if (!discharge->has_admitted_at && discharge->visit.care != CARE_INPATIENT) {
        discharge->has_admitted_at = true;
        discharge->admitted_at = discharge->discharged_at;
    }
}

static void times_check(struct message_check *check, const struct fact *fact)
{
    const struct fact_discharge *discharge = &fact->discharge;
    if (discharge->has_admitted_at && instant_cmp(discharge->discharged_at, discharge->admitted_at) < 0)
        message_refuse(check, STATUS_DISCHARGE_BEFORE_ADMISSION, "discharged_at");
    message_past_check(check, discharge->discharged_at, fact->recorded_at, "discharged_at");
}

static void terms_read(struct message_check *check, const Settled__V1__Discharge *wire, struct policy_visit *visit)
{
    care_read(check, wire, visit);
    institution_read(check, wire->institution, visit);
    account_read(check, wire->account, visit);
}

static void money_and_times_read(struct message_check *check, const Settled__V1__Discharge *wire, struct fact *fact)
{
    struct policy_visit *visit = &fact->discharge.visit;
    times_read(check, wire, &fact->discharge);
    class_check(check, wire);
    visit->chronic_class = (uint8_t)wire->chronic_class;
    costs_read(wire->costs, visit);
    paid_read(wire->paid, visit);
    amounts_check(check, visit);
    sums_check(check, visit);
    times_check(check, fact);
}

enum status consumer_discharge_decode(const struct consumer_context *context, struct arena *arena, struct text value,
    struct message *ret_message, struct fault *fault)
{
    const ProtobufCMessage *unpacked;
    enum status status = wire_unpack(&settled__v1__discharge__descriptor, arena, value, &unpacked, fault);
    if (status != STATUS_OK)
        return status;
    const Settled__V1__Discharge *wire = (const Settled__V1__Discharge *)unpacked;
    struct message_head head = MESSAGE_HEAD(wire);
    struct message_check check = { STATUS_OK, fault };
    struct message message = { .trial = wire->trial, .fact = { .kind = FACT_DISCHARGE, .name = text_of(wire->name) } };
    message.fact.discharge = (struct fact_discharge){
        .encounter_id = text_of(wire->encounter_id), .version = wire->version, .voided = wire->voided
    };
    bool whole = !wire->voided; /* of a void only who, where and what identifies it is looked at and kept */
    given_check(&check, wire, &head);
    message_person_read(&check, &head, &message);
    if (whole && wire->account != NULL)
        people_check(&check, wire->account);
    message_region_read(&check, context, head.region, &message.pack);
    if (whole)
        terms_read(&check, wire, &message.fact.discharge.visit);
    message_identity_read(&check, &head, &message.fact);
    if (whole)
        money_and_times_read(&check, wire, &message.fact);
    if (check.status == STATUS_OK)
        *ret_message = message;
    return check.status;
}

/* The sub-messages of a discharge in the making: pointed at by the message, so they stand together with it. */
struct packing {
    Settled__V1__Discharge discharge;
    Settled__V1__Institution institution;
    Settled__V1__Costs costs;
    Settled__V1__Paid paid;
    Settled__V1__Account account;
    Google__Protobuf__Timestamp recorded_at, admitted_at, discharged_at;
};

static void institution_fill(struct packing *packing, struct arena *arena, const struct policy_visit *visit)
{
    settled__v1__institution__init(&packing->institution);
    packing->institution.code = wire_text(arena, visit->institution_code);
    packing->institution.name = wire_text(arena, visit->institution_name);
    packing->institution.region = wire_text(arena, visit->institution_region);
    packing->institution.level = (Settled__V1__Institution__Level)visit->level;
    packing->institution.charge_class = (Settled__V1__Institution__ChargeClass)visit->charge_class;
    packing->institution.designated = visit->designated;
    packing->discharge.institution = &packing->institution;
}

static void account_fill(struct packing *packing, struct arena *arena, const struct policy_visit *visit)
{
    if (!visit->has_account)
        return;
    settled__v1__account__init(&packing->account);
    packing->account.use = (Settled__V1__Account__Use)visit->account_use;
    packing->account.purpose = (Settled__V1__Account__Purpose)visit->purpose;
    packing->account.owner_id = wire_text(arena, visit->account_owner);
    packing->account.beneficiary_id = wire_text(arena, visit->account_beneficiary);
    packing->account.requested_fen = visit->account_requested.fen;
    packing->discharge.account = &packing->account;
}

static void money_fill(struct packing *packing, const struct policy_visit *visit)
{
    Settled__V1__Costs *costs = &packing->costs;
    settled__v1__costs__init(costs);
    costs->total_fen = visit->total.fen;
    costs->in_policy_fen = visit->in_policy.fen;
    costs->pre_self_pay_fen = visit->pre_self_pay.fen;
    costs->out_of_catalogue_fen = visit->out_of_catalogue.fen;
    packing->discharge.costs = costs;
    Settled__V1__Paid *paid = &packing->paid;
    settled__v1__paid__init(paid);
    paid->basic_fen = visit->paid[PAYER_BASIC].fen;
    paid->basic_deductible_fen = visit->basic_deductible.fen;
    if (visit->has_critical_illness) {
        paid->critical_illness_case = SETTLED__V1__PAID__CRITICAL_ILLNESS_CRITICAL_ILLNESS_FEN;
        paid->critical_illness_fen = visit->paid[PAYER_CRITICAL_ILLNESS].fen;
    }
    paid->large_supplement_fen = visit->paid[PAYER_LARGE_SUPPLEMENT].fen;
    paid->enterprise_supplement_fen = visit->paid[PAYER_ENTERPRISE_SUPPLEMENT].fen;
    paid->commercial_fen = visit->paid[PAYER_COMMERCIAL].fen;
    paid->mutual_aid_fen = visit->paid[PAYER_MUTUAL_AID].fen;
    paid->other_aid_fen = visit->paid[PAYER_OTHER_AID].fen;
    packing->discharge.paid = paid;
}

static void care_fill(struct packing *packing, const struct fact_discharge *discharge)
{
    const struct policy_visit *visit = &discharge->visit;
    packing->discharge.care = (Settled__V1__Discharge__Care)visit->care;
    packing->discharge.referral = (Settled__V1__Discharge__Referral)visit->referral;
    packing->discharge.channel = (Settled__V1__Discharge__Channel)visit->channel;
    packing->discharge.exclusion = (Settled__V1__Discharge__Exclusion)visit->exclusion;
    packing->discharge.chronic_class = visit->chronic_class;
    packing->discharge.discharged_at = message_timestamp(discharge->discharged_at, &packing->discharged_at);
    if (discharge->has_admitted_at)
        packing->discharge.admitted_at = message_timestamp(discharge->admitted_at, &packing->admitted_at);
}

enum status consumer_discharge_encode(const struct message *message, struct arena *arena, struct text *ret_value)
{
    const struct fact_discharge *discharge = &message->fact.discharge;
    struct packing packing;
    Settled__V1__Discharge *wire = &packing.discharge;
    settled__v1__discharge__init(wire);
    MESSAGE_HEAD_FILL(wire, message, arena, &packing.recorded_at);
    wire->name = wire_text(arena, message->fact.name);
    wire->trial = message->trial;
    wire->encounter_id = wire_text(arena, discharge->encounter_id);
    wire->version = discharge->version;
    wire->voided = discharge->voided;
    if (!discharge->voided) {
        care_fill(&packing, discharge);
        institution_fill(&packing, arena, &discharge->visit);
        account_fill(&packing, arena, &discharge->visit);
        money_fill(&packing, &discharge->visit);
    }
    return wire_pack(&wire->base, arena, ret_value);
}
