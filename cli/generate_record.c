#include "cli/generate_record.h"

#include "cli/generate_roster.h"
#include "consumers/message_check.h"
#include "proto/json.h"
#include "proto/wire.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

/* Everything that a message points to while it is written. */
struct writing {
    const struct generate_options *options;
    const struct planned *planned;
    const struct county *county;
    struct arena *arena;
    struct citizen citizen;
    struct stay stay;
    Google__Protobuf__Timestamp recorded_at, admitted_at, discharged_at;
    Settled__V1__Institution institution;
    Settled__V1__Costs costs;
    Settled__V1__Paid paid;
    Settled__V1__Account account;
};

/* protobuf-c wants writable text and does not write it. */
static char *lend(const char *text)
{
    return (char *)(uintptr_t)text;
}

static char *write_text(struct writing *writing, const char *format, ...) PRINTF_LIKE(2, 3);
static char *write_text(struct writing *writing, const char *format, ...)
{
    char text[96];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    CHECK(length >= 0 && (size_t)length < sizeof text);
    return wire_text(writing->arena, (struct text){ text, (size_t)length });
}

static char *encounter_id(struct writing *writing)
{
    return write_text(
        writing, "ZY%s-%07u-%u", writing->county->region, writing->planned->citizen, writing->planned->number);
}

/* "ZY140425-0000012-3-D2": the second version of a discharge. */
static char *event_id(struct writing *writing, char letter)
{
    const struct planned *planned = writing->planned;
    return write_text(writing, "%sZY%s-%07u-%u-%c%u", planned->kind == PLANNED_BAD ? "bad-" : "",
        writing->county->region, planned->citizen, planned->number, letter, planned->version);
}

static Google__Protobuf__Timestamp *timestamp_after(instant at, int64_t seconds, Google__Protobuf__Timestamp *storage)
{
    return message_timestamp((instant){ at.seconds + seconds, 0 }, storage);
}

static Settled__V1__Institution *fill_institution(struct writing *writing)
{
    const struct county_hospital *hospital = writing->stay.hospital;
    Settled__V1__Institution *institution = &writing->institution;
    settled__v1__institution__init(institution);
    institution->code = lend(hospital->code);
    institution->name = lend(hospital->name);
    institution->region = lend(hospital->region);
    institution->level = (Settled__V1__Institution__Level)hospital->level;
    institution->charge_class = (Settled__V1__Institution__ChargeClass)hospital->charge_class;
    institution->designated = writing->stay.visit.designated;
    return institution;
}

#define FILL_HEAD(writing, wire, letter, at, after_seconds)                                                            \
    do {                                                                                                               \
        (wire)->event_id = event_id((writing), (letter));                                                              \
        (wire)->source = lend((writing)->stay.hospital->code);                                                         \
        (wire)->recorded_at = timestamp_after((at), (after_seconds), &(writing)->recorded_at);                         \
        (wire)->region = lend((writing)->county->region);                                                              \
        (wire)->person_id = (writing)->citizen.id;                                                                     \
        (wire)->name = (writing)->citizen.name;                                                                        \
    } while (0)

/* ---- Admissions ---- */

static enum status write_admission(struct writing *writing, json_t **ret_value)
{
    Settled__V1__Admission wire = SETTLED__V1__ADMISSION__INIT;
    FILL_HEAD(writing, &wire, 'A', writing->stay.admitted_at, 300);
    wire.encounter_id = encounter_id(writing);
    wire.version = 1;
    wire.institution = fill_institution(writing);
    wire.admitted_at = message_timestamp(writing->stay.admitted_at, &writing->admitted_at);
    return proto_json_write_value(&wire.base, ret_value, NULL);
}

/* ---- Discharges ---- */

static void fill_money(struct writing *writing, Settled__V1__Discharge *wire)
{
    const struct policy_visit *visit = &writing->stay.visit;
    Settled__V1__Costs *costs = wire->costs = &writing->costs;
    Settled__V1__Paid *paid = wire->paid = &writing->paid;
    settled__v1__costs__init(costs);
    settled__v1__paid__init(paid);
    costs->total_fen = visit->total.fen;
    costs->in_policy_fen = visit->in_policy.fen;
    costs->pre_self_pay_fen = visit->pre_self_pay.fen;
    costs->out_of_catalogue_fen = visit->out_of_catalogue.fen;
    paid->basic_fen = visit->paid[PAYER_BASIC].fen;
    paid->basic_deductible_fen = visit->basic_deductible.fen;
    if (visit->has_critical_illness)
        paid->critical_illness_case = SETTLED__V1__PAID__CRITICAL_ILLNESS_CRITICAL_ILLNESS_FEN;
    paid->critical_illness_fen = visit->paid[PAYER_CRITICAL_ILLNESS].fen;
    paid->large_supplement_fen = visit->paid[PAYER_LARGE_SUPPLEMENT].fen;
    paid->commercial_fen = visit->paid[PAYER_COMMERCIAL].fen;
    paid->mutual_aid_fen = visit->paid[PAYER_MUTUAL_AID].fen;
}

static void fill_account(struct writing *writing, Settled__V1__Discharge *wire)
{
    const struct policy_visit *visit = &writing->stay.visit;
    if (!visit->has_account)
        return;
    settled__v1__account__init(&writing->account);
    writing->account.use = (Settled__V1__Account__Use)visit->account_use;
    writing->account.purpose = (Settled__V1__Account__Purpose)visit->purpose;
    writing->account.requested_fen = visit->account_requested.fen;
    wire->account = &writing->account;
}

static void fill_discharge(struct writing *writing, Settled__V1__Discharge *wire)
{
    const struct stay *stay = &writing->stay;
    const struct policy_visit *visit = &stay->visit;
    int64_t corrected_after = (writing->planned->version - 1) * INT64_C(86400);
    wire->trial = writing->planned->kind == PLANNED_TRIAL;
    FILL_HEAD(writing, wire, wire->trial ? 'T' : 'D', stay->discharged_at, 900 + corrected_after);
    wire->encounter_id = encounter_id(writing);
    wire->version = writing->planned->version;
    wire->care = (Settled__V1__Discharge__Care)visit->care;
    wire->referral = (Settled__V1__Discharge__Referral)visit->referral;
    wire->channel = (Settled__V1__Discharge__Channel)visit->channel;
    wire->exclusion = (Settled__V1__Discharge__Exclusion)visit->exclusion;
    wire->chronic_class = visit->chronic_class;
    wire->institution = fill_institution(writing);
    wire->discharged_at = message_timestamp(stay->discharged_at, &writing->discharged_at);
    if (stay->has_own_admission)
        wire->admitted_at = message_timestamp(stay->admitted_at, &writing->admitted_at);
    fill_money(writing, wire);
    fill_account(writing, wire);
}

static enum status write_discharge(struct writing *writing, json_t **ret_value)
{
    Settled__V1__Discharge wire = SETTLED__V1__DISCHARGE__INIT;
    fill_discharge(writing, &wire);
    return proto_json_write_value(&wire.base, ret_value, NULL);
}

static enum status write_void(struct writing *writing, json_t **ret_value)
{
    Settled__V1__Discharge wire = SETTLED__V1__DISCHARGE__INIT;
    FILL_HEAD(writing, &wire, 'V', writing->stay.discharged_at, 1800);
    wire.encounter_id = encounter_id(writing);
    wire.version = writing->planned->version;
    wire.voided = true;
    return proto_json_write_value(&wire.base, ret_value, NULL);
}

/* ---- A change of identity during the stay ---- */

/* Who stands on the list leaves it, who does not comes onto it. */
static enum status write_change(struct writing *writing, json_t **ret_value)
{
    const struct generate_options *options = writing->options;
    const struct planned *planned = writing->planned;
    struct random random = random_at(options->seed, planned->citizen, 4000000 + planned->number);
    size_t place = (size_t)random_below(&random, (int64_t)writing->county->list_count);
    const struct county_list *list = &writing->county->lists[place];
    bool is_listed = county_is_listed(writing->county, options->seed, place, planned->citizen, 0);
    Settled__V1__IdentityChange wire = SETTLED__V1__IDENTITY_CHANGE__INIT;
    FILL_HEAD(writing, &wire, 'I', writing->stay.discharged_at, 0);
    wire.source = lend(list->department);
    wire.category = (Settled__V1__IdentityChange__Category)list->category;
    wire.action =
        is_listed ? SETTLED__V1__IDENTITY_CHANGE__ACTION__REVOKE : SETTLED__V1__IDENTITY_CHANGE__ACTION__GRANT;
    int stayed_days = instant_day(writing->stay.discharged_at).n - instant_day(writing->stay.admitted_at).n;
    day effective = day_add(instant_day(writing->stay.admitted_at), (int)random_between(&random, 0, stayed_days));
    wire.effective_on = message_day_text(writing->arena, effective);
    return proto_json_write_value(&wire.base, ret_value, NULL);
}

/* ---- What must be refused ---- */

enum sin {
    SIN_CHECK_DIGIT,
    SIN_SUM,
    SIN_NEGATIVE,
    SIN_OVERPAID,
    SIN_ORDER,
    SIN_REGION,
    SIN_FUTURE,
    SIN_CUT,
    SIN_COUNT
};

static void spoil(struct writing *writing, Settled__V1__Discharge *wire, enum sin sin)
{
    char *last = &writing->citizen.id[17];
    switch (sin) {
    case SIN_CHECK_DIGIT:
        *last = *last == '1' ? '2' : '1';
        break;
    case SIN_SUM:
        writing->costs.total_fen++;
        break;
    case SIN_NEGATIVE:
        writing->costs.pre_self_pay_fen = -1 - writing->costs.pre_self_pay_fen;
        break;
    case SIN_OVERPAID:
        writing->paid.basic_fen = writing->costs.in_policy_fen + 1;
        break;
    case SIN_ORDER:
        wire->admitted_at = timestamp_after(writing->stay.discharged_at, 60, &writing->admitted_at);
        break;
    case SIN_REGION:
        wire->region = lend("999999");
        break;
    case SIN_FUTURE:
        writing->recorded_at.seconds -= 3 * 86400;
        break;
    case SIN_CUT:
    case SIN_COUNT:
        break;
    }
}

/* The bytes of a good message, less the last three. */
static enum status write_cut(struct writing *writing, const Settled__V1__Discharge *wire, json_t *line)
{
    struct text bytes;
    enum status status = wire_pack(&wire->base, writing->arena, &bytes);
    if (status != STATUS_OK)
        return status;
    size_t size = sodium_base64_ENCODED_LEN(bytes.length, sodium_base64_VARIANT_ORIGINAL);
    char *base64 = arena_take(writing->arena, size);
    if (base64 == NULL)
        return STATUS_ARENA_FULL;
    sodium_bin2base64(base64, size, (const unsigned char *)bytes.at, bytes.length - 3, sodium_base64_VARIANT_ORIGINAL);
    bool is_set = json_object_set_new(line, "raw", json_string(base64)) == 0
        && json_object_set_new(line, "key", json_string(wire->event_id)) == 0;
    return is_set ? STATUS_OK : STATUS_SYSTEM;
}

static enum status write_bad(struct writing *writing, json_t *line, json_t **ret_value)
{
    Settled__V1__Discharge wire = SETTLED__V1__DISCHARGE__INIT;
    struct random random =
        random_at(writing->options->seed, writing->planned->citizen, 5000000 + writing->planned->number);
    enum sin sin = (enum sin)random_below(&random, SIN_COUNT);
    fill_discharge(writing, &wire);
    wire.encounter_id = wire.event_id;
    spoil(writing, &wire, sin);
    return sin == SIN_CUT ? write_cut(writing, &wire, line) : proto_json_write_value(&wire.base, ret_value, NULL);
}

/* ---- The line ---- */

static enum status write_value(struct writing *writing, json_t *line, json_t **ret_value)
{
    switch ((enum planned_kind)writing->planned->kind) {
    case PLANNED_LIST:
        return generate_roster(writing->options, writing->planned, writing->arena, ret_value);
    case PLANNED_ADMISSION:
        return write_admission(writing, ret_value);
    case PLANNED_DISCHARGE:
    case PLANNED_TRIAL:
        return write_discharge(writing, ret_value);
    case PLANNED_VOID:
        return write_void(writing, ret_value);
    case PLANNED_CHANGE:
        return write_change(writing, ret_value);
    case PLANNED_BAD:
        return write_bad(writing, line, ret_value);
    }
    return STATUS_SYSTEM;
}

static const char *topic_of(enum planned_kind kind)
{
    static const char *const topics[] = { [PLANNED_LIST] = "roster-update",
        [PLANNED_ADMISSION] = "admission",
        [PLANNED_DISCHARGE] = "discharge",
        [PLANNED_VOID] = "discharge",
        [PLANNED_TRIAL] = "discharge",
        [PLANNED_CHANGE] = "identity-change",
        [PLANNED_BAD] = "discharge" };
    return topics[kind];
}

enum status generate_record(
    const struct generate_options *options, const struct planned *planned, struct arena *arena, json_t **ret_json)
{
    struct writing writing = {
        .options = options, .planned = planned, .county = options->counties[planned->county], .arena = arena
    };
    if (planned->kind != PLANNED_LIST) {
        const struct stay_choice choice = { options->seed, planned->citizen, planned->number, planned->version,
            options->from, options->to };
        writing.citizen = county_citizen(writing.county, options->seed, planned->citizen);
        writing.stay = generate_stay(writing.county, &choice);
    }
    json_t *value = NULL, *line = json_object();
    enum status status = line == NULL || json_object_set_new(line, "topic", json_string(topic_of(planned->kind))) != 0
        ? STATUS_SYSTEM
        : write_value(&writing, line, &value);
    if (status == STATUS_OK && value != NULL && json_object_set_new(line, "value", value) != 0)
        status = STATUS_SYSTEM;
    if (status == STATUS_OK)
        *ret_json = line;
    else
        json_decref(line);
    return status;
}
