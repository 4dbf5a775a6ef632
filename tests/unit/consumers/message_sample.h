/** What the decoder tests share: an arena, packs for two regions, sound messages to spoil, and the answers expected. */
#pragma once

#include "consumers/message.h"
#include "consumers/period_close.h"
#include "proto/settled.pb-c.h"
#include "proto/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PERSON "140425197305110035"
#define OTHER_PERSON "110101199003071938"
#define RECORDED_AT INT64_C(1678867200) /* 2023-03-15T08:00:00Z */

static struct arena *sample_arena;

static const struct policy_pack sample_pack_pingshun = { .region = "140425" };
static const struct policy_pack sample_pack_yangcheng = { .region = "140522" };
static const struct policy_pack *sample_pack_list[] = { &sample_pack_pingshun, &sample_pack_yangcheng };
static const struct policy_packs sample_packs = { sample_pack_list, COUNT_OF(sample_pack_list) };
static const struct consumer_context sample_context = { &sample_packs };

static inline int sample_setup(void **state)
{
    (void)state;
    sample_arena = arena_new((size_t)64 << 20);
    return sample_arena == NULL ? -1 : 0;
}

static inline int sample_teardown(void **state)
{
    (void)state;
    arena_free(sample_arena);
    return 0;
}

/* protobuf-c wants texts that are not const. */
static inline char *sample_text(const char *text)
{
    return wire_text(sample_arena, text_of(text));
}

static inline char *sample_filled(size_t length)
{
    char *text = arena_take(sample_arena, length + 1);
    assert_non_null(text);
    memset(text, 'a', length);
    return text;
}

static inline Google__Protobuf__Timestamp *sample_time(int64_t seconds, int32_t nanos)
{
    Google__Protobuf__Timestamp *time = ARENA_NEW(sample_arena, Google__Protobuf__Timestamp);
    assert_non_null(time);
    google__protobuf__timestamp__init(time);
    time->seconds = seconds;
    time->nanos = nanos;
    return time;
}

#define SAMPLE_HEAD(wire)                                                                                              \
    do {                                                                                                               \
        (wire)->event_id = sample_text("e-1");                                                                         \
        (wire)->source = sample_text("hospital-1");                                                                    \
        (wire)->recorded_at = sample_time(RECORDED_AT, 5);                                                             \
        (wire)->region = sample_text("140425");                                                                        \
        (wire)->person_id = sample_text(PERSON);                                                                       \
    } while (0)

static inline Settled__V1__Institution *sample_institution(void)
{
    Settled__V1__Institution *institution = ARENA_NEW(sample_arena, Settled__V1__Institution);
    assert_non_null(institution);
    settled__v1__institution__init(institution);
    institution->code = sample_text("H14042500001");
    institution->name = sample_text("平顺县人民医院");
    institution->region = sample_text("140425");
    institution->level = SETTLED__V1__INSTITUTION__LEVEL__LEVEL_2;
    institution->charge_class = SETTLED__V1__INSTITUTION__CHARGE_CLASS__CLASS_2_COUNTY;
    institution->designated = 1;
    return institution;
}

/* A stay of ten days: 10000.00, of which 8000.00 in policy, 5000.00 paid before us. */
static inline Settled__V1__Discharge *sample_discharge(void)
{
    Settled__V1__Discharge *wire = ARENA_NEW(sample_arena, Settled__V1__Discharge);
    Settled__V1__Costs *costs = ARENA_NEW(sample_arena, Settled__V1__Costs);
    Settled__V1__Paid *paid = ARENA_NEW(sample_arena, Settled__V1__Paid);
    Settled__V1__Account *account = ARENA_NEW(sample_arena, Settled__V1__Account);
    assert_true(wire != NULL && costs != NULL && paid != NULL && account != NULL);
    settled__v1__discharge__init(wire);
    settled__v1__costs__init(costs);
    settled__v1__paid__init(paid);
    settled__v1__account__init(account);
    SAMPLE_HEAD(wire);
    wire->encounter_id = sample_text("E-7");
    wire->version = 3;
    wire->name = sample_text("张三");
    wire->care = SETTLED__V1__DISCHARGE__CARE__INPATIENT;
    wire->admitted_at = sample_time(RECORDED_AT - 864000, 0);
    wire->discharged_at = sample_time(RECORDED_AT - 3600, 0);
    wire->institution = sample_institution();
    wire->costs = costs;
    wire->paid = paid;
    wire->account = account;
    *costs = (Settled__V1__Costs){ costs->base, 1000000, 800000, 150000, 50000 };
    paid->basic_fen = 400000;
    paid->basic_deductible_fen = 50000;
    paid->critical_illness_case = SETTLED__V1__PAID__CRITICAL_ILLNESS_CRITICAL_ILLNESS_FEN;
    paid->critical_illness_fen = 100000;
    account->use = SETTLED__V1__ACCOUNT__USE__NO;
    return wire;
}

static inline Settled__V1__Admission *sample_admission(void)
{
    Settled__V1__Admission *wire = ARENA_NEW(sample_arena, Settled__V1__Admission);
    assert_non_null(wire);
    settled__v1__admission__init(wire);
    SAMPLE_HEAD(wire);
    wire->encounter_id = sample_text("E-7");
    wire->version = 2;
    wire->name = sample_text("张三");
    wire->institution = sample_institution();
    wire->admitted_at = sample_time(RECORDED_AT - 864000, 0);
    return wire;
}

static inline void sample_attribute(Settled__V1__IdentityChange *wire, const char *key, const char *value)
{
    Settled__V1__IdentityChange__AttributesEntry *entry =
        ARENA_NEW(sample_arena, Settled__V1__IdentityChange__AttributesEntry);
    wire->attributes = arena_grow(
        sample_arena, wire->attributes, wire->n_attributes, wire->n_attributes + 1, sizeof *wire->attributes);
    assert_true(entry != NULL && wire->attributes != NULL);
    settled__v1__identity_change__attributes_entry__init(entry);
    entry->key = sample_text(key);
    entry->value = sample_text(value);
    wire->attributes[wire->n_attributes++] = entry;
}

static inline Settled__V1__IdentityChange *sample_identity(Settled__V1__IdentityChange__Category category)
{
    Settled__V1__IdentityChange *wire = ARENA_NEW(sample_arena, Settled__V1__IdentityChange);
    assert_non_null(wire);
    settled__v1__identity_change__init(wire);
    SAMPLE_HEAD(wire);
    wire->name = sample_text("张三");
    wire->category = category;
    wire->action = SETTLED__V1__IDENTITY_CHANGE__ACTION__GRANT;
    wire->effective_on = sample_text("2023-03-01");
    wire->roster_id = sample_text("R-1");
    return wire;
}

static inline Settled__V1__CaseAction *sample_case(Settled__V1__CaseAction__Type type)
{
    Settled__V1__CaseAction *wire = ARENA_NEW(sample_arena, Settled__V1__CaseAction);
    char **ids = ARENA_ARRAY(sample_arena, 2, char *);
    assert_true(wire != NULL && ids != NULL);
    settled__v1__case_action__init(wire);
    SAMPLE_HEAD(wire);
    ids[0] = sample_text("E-7");
    ids[1] = sample_text("E-8");
    wire->case_id = sample_text("C-1");
    wire->type = type;
    wire->on = sample_text("2023-03-14");
    wire->scheme = SETTLED__V1__CASE_ACTION__SCHEME__ASSISTANCE;
    wire->encounter_ids = ids;
    wire->n_encounter_ids = 2;
    wire->amount_fen = 100;
    wire->counterparty_id = sample_text(OTHER_PERSON);
    wire->reply_to = sample_text("W-1");
    return wire;
}

static inline Settled__V1__PersonFact *sample_fact(void)
{
    Settled__V1__PersonFact *wire = ARENA_NEW(sample_arena, Settled__V1__PersonFact);
    assert_non_null(wire);
    settled__v1__person_fact__init(wire);
    SAMPLE_HEAD(wire);
    wire->name = sample_text("张三");
    return wire;
}

static inline Settled__V1__PersonFact *sample_contribution(void)
{
    Settled__V1__PersonFact *wire = sample_fact();
    wire->fact_case = SETTLED__V1__PERSON_FACT__FACT_CONTRIBUTION;
    wire->contribution = ARENA_NEW(sample_arena, Settled__V1__PersonFact__Contribution);
    assert_non_null(wire->contribution);
    settled__v1__person_fact__contribution__init(wire->contribution);
    wire->contribution->scheme = SETTLED__V1__PERSON_FACT__CONTRIBUTION__SCHEME__EMPLOYEE;
    wire->contribution->period = sample_text("2023-02");
    wire->contribution->paid_on = sample_text("2023-02-10");
    wire->contribution->amount_fen = 11250;
    wire->contribution->account_credit_fen = 5000;
    return wire;
}

static inline Settled__V1__PersonFact *sample_enrolment(void)
{
    Settled__V1__PersonFact *wire = sample_fact();
    wire->fact_case = SETTLED__V1__PERSON_FACT__FACT_ENROLMENT;
    wire->enrolment = ARENA_NEW(sample_arena, Settled__V1__PersonFact__Enrolment);
    assert_non_null(wire->enrolment);
    settled__v1__person_fact__enrolment__init(wire->enrolment);
    wire->enrolment->year = 2023;
    wire->enrolment->premium_fen = 35000;
    wire->enrolment->paid_on = sample_text("2022-11-30");
    return wire;
}

static inline Settled__V1__PersonFact *sample_credit(void)
{
    Settled__V1__PersonFact *wire = sample_fact();
    wire->fact_case = SETTLED__V1__PERSON_FACT__FACT_ACCOUNT_CREDIT;
    wire->account_credit = ARENA_NEW(sample_arena, Settled__V1__PersonFact__AccountCredit);
    assert_non_null(wire->account_credit);
    settled__v1__person_fact__account_credit__init(wire->account_credit);
    wire->account_credit->amount_fen = 1234;
    wire->account_credit->credited_on = sample_text("2023-03-15");
    wire->account_credit->cause_id = sample_text("C-9");
    return wire;
}

static inline struct text sample_bytes(const ProtobufCMessage *wire)
{
    struct text bytes;
    assert_int_equal(wire_pack(wire, sample_arena, &bytes), STATUS_OK);
    return bytes;
}

static inline struct message sample_decode(const char *topic, const ProtobufCMessage *wire)
{
    struct message message;
    struct fault fault = { .status = STATUS_OK };
    enum status status =
        message_codec_find(text_of(topic))->decode(&sample_context, sample_arena, sample_bytes(wire), &message, &fault);
    if (status != STATUS_OK)
        fail_msg("%s %s: %s", status_name(status), fault.field, fault.text);
    return message;
}

static inline struct text sample_encode(const struct message *message)
{
    struct text bytes;
    assert_int_equal(message_codec_of(message->fact.kind)->encode(message, sample_arena, &bytes), STATUS_OK);
    return bytes;
}

static inline void sample_refused_bytes(const char *topic, struct text bytes, enum status expected, const char *field)
{
    struct message message;
    struct fault fault = { .status = STATUS_OK };
    enum status status =
        message_codec_find(text_of(topic))->decode(&sample_context, sample_arena, bytes, &message, &fault);
    if (status != expected || strcmp(fault.field, field) != 0)
        fail_msg("%s in '%s', expected %s in '%s'", status_name(status), fault.field, status_name(expected), field);
    assert_int_equal(fault.status, expected);
}

static inline void sample_refused(
    const char *topic, const ProtobufCMessage *wire, enum status expected, const char *field)
{
    sample_refused_bytes(topic, sample_bytes(wire), expected, field);
}

static inline void sample_text_equal(struct text text, const char *expected)
{
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.at, expected, text.length);
}

/* One message of each kind, as bytes: what is truncated, flipped and gone round with. */
struct sample_value {
    const char *topic;
    struct text bytes;
};
#define SAMPLE_VALUES 9
static inline void sample_values(struct sample_value *ret_values)
{
    Settled__V1__IdentityChange *relative = sample_identity(SETTLED__V1__IDENTITY_CHANGE__CATEGORY__RELATIVE);
    sample_attribute(relative, "relative_id", OTHER_PERSON);
    sample_attribute(relative, "relation", "CHILD");
    Settled__V1__IdentityChange *member = sample_identity(SETTLED__V1__IDENTITY_CHANGE__CATEGORY__SUPPLEMENTARY_MEMBER);
    sample_attribute(member, "funding", "MONTHLY");
    const struct {
        const char *topic;
        const ProtobufCMessage *wire;
    } all[SAMPLE_VALUES] = {
        { "admission", &sample_admission()->base },
        { "discharge", &sample_discharge()->base },
        { "identity-change", &relative->base },
        { "identity-change", &member->base },
        { "case-action", &sample_case(SETTLED__V1__CASE_ACTION__TYPE__CLAIM)->base },
        { "case-action", &sample_case(SETTLED__V1__CASE_ACTION__TYPE__APPLY)->base },
        { "person-fact", &sample_contribution()->base },
        { "person-fact", &sample_enrolment()->base },
        { "person-fact", &sample_credit()->base },
    };
    for (size_t i = 0; i < SAMPLE_VALUES; i++)
        ret_values[i] = (struct sample_value){ all[i].topic, sample_bytes(all[i].wire) };
}

#define SAMPLE_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)
#define SAMPLE_TEST(name) cmocka_unit_test_setup_teardown(name, sample_setup, sample_teardown)
