#include "records.h"

#include "base/check.h"
#include "base/day.h"
#include "consumers/person_id.h"
#include "proto/settled.pb-c.h"

#include <stdio.h>
#include <string.h>

/* Groups of twenty: nine admissions, their discharges, two changes of two of the patients. */
#define GROUP 20
#define STAYS 9
#define YEAR_BEGINS INT64_C(1672531200)

const char *const bench_topics[BENCH_TOPICS] = { "admission", "discharge", "identity-change" };

struct draft {
    char event_id[32], encounter_id[32];
    uint64_t stay;
    uint32_t person;
    Google__Protobuf__Timestamp recorded_at, admitted_at, discharged_at;
    Settled__V1__Institution institution;
    Settled__V1__Costs costs;
    Settled__V1__Paid paid;
};

/* SplitMix64's last step: which person, and what it cost. */
static uint64_t scatter(uint64_t n)
{
    n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    n = (n ^ (n >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ (n >> 27)) * UINT64_C(0x94d049bb133111eb);
    return n ^ (n >> 31);
}

/* 32,003 days of birth, then the next sequence. */
static void write_person(uint32_t person, char *ret_id)
{
    struct day_parts born = day_parts(day_add(day_of(1935, 1, 1), (int)(person % 32003)));
    char id[64];
    snprintf(id, sizeof id, "140425%04d%02d%02d%03u", born.year, born.month, born.day, person / 32003 % 1000);
    memcpy(ret_id, id, 17);
    ret_id[17] = person_id_check(ret_id);
    ret_id[18] = '\0';
}

static char *lend(const char *text)
{
    return (char *)(uintptr_t)text;
}

static Google__Protobuf__Timestamp *at(Google__Protobuf__Timestamp *timestamp, int64_t seconds)
{
    google__protobuf__timestamp__init(timestamp);
    timestamp->seconds = seconds;
    return timestamp;
}

static int64_t admitted_seconds(uint64_t stay)
{
    return YEAR_BEGINS + (int64_t)(scatter(stay * 7 + 1) % (330 * INT64_C(86400)));
}

#define FILL_HEAD(draft, wire, letter, id, recorded)                                                                   \
    do {                                                                                                               \
        snprintf(                                                                                                      \
            (draft)->event_id, sizeof(draft)->event_id, "%c%010llu", (letter), (unsigned long long)(draft)->stay);     \
        (wire)->event_id = (draft)->event_id;                                                                          \
        (wire)->source = lend("H14042500001");                                                                         \
        (wire)->recorded_at = at(&(draft)->recorded_at, (recorded));                                                   \
        (wire)->region = lend("140425");                                                                               \
        (wire)->person_id = (id);                                                                                      \
        (wire)->name = lend("王秀英");                                                                                 \
    } while (0)

static Settled__V1__Institution *fill_institution(struct draft *draft)
{
    Settled__V1__Institution *institution = &draft->institution;
    settled__v1__institution__init(institution);
    institution->code = lend("H14042500001");
    institution->name = lend("平顺县人民医院");
    institution->region = lend("140425");
    institution->level = SETTLED__V1__INSTITUTION__LEVEL__LEVEL_2;
    institution->charge_class = SETTLED__V1__INSTITUTION__CHARGE_CLASS__CLASS_2_COUNTY;
    institution->designated = true;
    return institution;
}

static size_t pack_admission(struct draft *draft, char *id, uint8_t *bytes)
{
    Settled__V1__Admission wire = SETTLED__V1__ADMISSION__INIT;
    int64_t admitted = admitted_seconds(draft->stay);
    FILL_HEAD(draft, &wire, 'A', id, admitted + 300);
    wire.encounter_id = draft->encounter_id;
    wire.version = 1;
    wire.institution = fill_institution(draft);
    wire.admitted_at = at(&draft->admitted_at, admitted);
    return settled__v1__admission__pack(&wire, bytes);
}

static void fill_money(struct draft *draft, Settled__V1__Discharge *wire)
{
    int64_t total = 200000 + (int64_t)(scatter(draft->stay * 7 + 2) % 2500000);
    settled__v1__costs__init(&draft->costs);
    draft->costs.total_fen = total;
    draft->costs.out_of_catalogue_fen = total / 9;
    draft->costs.pre_self_pay_fen = total / 20;
    draft->costs.in_policy_fen = total - total / 9 - total / 20;
    settled__v1__paid__init(&draft->paid);
    draft->paid.basic_deductible_fen = 40000;
    draft->paid.basic_fen = (draft->costs.in_policy_fen - 40000) * 3 / 4;
    wire->costs = &draft->costs;
    wire->paid = &draft->paid;
}

static size_t pack_discharge(struct draft *draft, char *id, uint8_t *bytes)
{
    Settled__V1__Discharge wire = SETTLED__V1__DISCHARGE__INIT;
    int64_t discharged = admitted_seconds(draft->stay) + 86400 * (1 + (int64_t)(draft->stay % 20));
    FILL_HEAD(draft, &wire, 'D', id, discharged + 900);
    wire.encounter_id = draft->encounter_id;
    wire.version = 1;
    wire.care = SETTLED__V1__DISCHARGE__CARE__INPATIENT;
    wire.institution = fill_institution(draft);
    wire.discharged_at = at(&draft->discharged_at, discharged);
    fill_money(draft, &wire);
    return settled__v1__discharge__pack(&wire, bytes);
}

/* The poorer half of the categories, and the insurance that everybody has. */
static size_t pack_change(struct draft *draft, char *id, uint8_t *bytes)
{
    static const Settled__V1__IdentityChange__Category categories[] = {
        SETTLED__V1__IDENTITY_CHANGE__CATEGORY__RESIDENT_INSURED,
        SETTLED__V1__IDENTITY_CHANGE__CATEGORY__SUBSISTENCE_ALLOWANCE,
        SETTLED__V1__IDENTITY_CHANGE__CATEGORY__RETURNED_TO_POVERTY,
        SETTLED__V1__IDENTITY_CHANGE__CATEGORY__AT_RISK_OF_POVERTY,
    };
    Settled__V1__IdentityChange wire = SETTLED__V1__IDENTITY_CHANGE__INIT;
    FILL_HEAD(draft, &wire, 'I', id, YEAR_BEGINS + (int64_t)(draft->stay % 300) * 86400);
    wire.source = lend("平顺县民政局");
    wire.category = categories[scatter(draft->stay * 7 + 3) % COUNT_OF(categories)];
    wire.action = SETTLED__V1__IDENTITY_CHANGE__ACTION__GRANT;
    wire.effective_on = lend("2023-01-01");
    return settled__v1__identity_change__pack(&wire, bytes);
}

void bench_record_make(uint64_t n, uint32_t persons, struct bench_record *ret_record)
{
    struct draft draft;
    uint64_t in_group = n % GROUP;
    bool is_change = in_group >= 2 * STAYS;
    draft.stay = n / GROUP * STAYS + (is_change ? in_group - 2 * STAYS : in_group % STAYS);
    draft.person = (uint32_t)(scatter(draft.stay * 7) % persons);
    write_person(draft.person, ret_record->key);
    snprintf(draft.encounter_id, sizeof draft.encounter_id, "ZY%010llu", (unsigned long long)draft.stay);
    ret_record->topic = is_change ? BENCH_CHANGE : in_group < STAYS ? BENCH_ADMISSION : BENCH_DISCHARGE;
    if (is_change)
        ret_record->length = pack_change(&draft, ret_record->key, ret_record->value);
    else if (ret_record->topic == BENCH_ADMISSION)
        ret_record->length = pack_admission(&draft, ret_record->key, ret_record->value);
    else
        ret_record->length = pack_discharge(&draft, ret_record->key, ret_record->value);
    CHECK(ret_record->length <= BENCH_VALUE_SIZE);
}
