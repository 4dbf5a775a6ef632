#include "tests/unit/consumers/message_sample.h"

#define CARE(name) SETTLED__V1__DISCHARGE__CARE__##name

/* One line per case: a sound discharge, spoilt in one place. */
#define REFUSED(reason, field, ...)                                                                                    \
    do {                                                                                                               \
        Settled__V1__Discharge *wire = sample_discharge();                                                             \
        __VA_ARGS__;                                                                                                   \
        sample_refused("discharge", &wire->base, STATUS_##reason, field);                                              \
    } while (0)
#define TAKEN(...)                                                                                                     \
    do {                                                                                                               \
        Settled__V1__Discharge *wire = sample_discharge();                                                             \
        __VA_ARGS__;                                                                                                   \
        sample_decode("discharge", &wire->base);                                                                       \
    } while (0)

static void test_every_field_is_read(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
    wire->trial = 1;
    wire->referral = SETTLED__V1__DISCHARGE__REFERRAL__REGISTERED;
    wire->channel = SETTLED__V1__DISCHARGE__CHANNEL__MANUAL;
    wire->exclusion = SETTLED__V1__DISCHARGE__EXCLUSION__ABROAD;
    wire->paid->large_supplement_fen = 1;
    wire->paid->enterprise_supplement_fen = 2;
    wire->paid->commercial_fen = 3;
    wire->paid->mutual_aid_fen = 4;
    wire->paid->other_aid_fen = 5;
    wire->account->use = SETTLED__V1__ACCOUNT__USE__IF_AVAILABLE;
    wire->account->purpose = SETTLED__V1__ACCOUNT__PURPOSE__VACCINE;
    wire->account->owner_id = sample_text(OTHER_PERSON);
    wire->account->beneficiary_id = sample_text(PERSON);
    wire->account->requested_fen = 6;
    struct message message = sample_decode("discharge", &wire->base);
    const struct fact *fact = &message.fact;
    const struct policy_visit *visit = &fact->discharge.visit;
    sample_text_equal(message.region, "140425");
    sample_text_equal(message.person_id, PERSON);
    assert_true(message.trial);
    assert_ptr_equal(message.pack, &sample_pack_pingshun);
    assert_int_equal(fact->kind, FACT_DISCHARGE);
    sample_text_equal(fact->event_id, "e-1");
    sample_text_equal(fact->source, "hospital-1");
    sample_text_equal(fact->name, "张三");
    assert_int_equal(fact->recorded_at.seconds, RECORDED_AT);
    assert_int_equal(fact->recorded_at.nanos, 5);
    sample_text_equal(fact->discharge.encounter_id, "E-7");
    assert_int_equal(fact->discharge.version, 3);
    assert_false(fact->discharge.voided);
    assert_true(fact->discharge.has_admitted_at);
    assert_int_equal(fact->discharge.admitted_at.seconds, RECORDED_AT - 864000);
    assert_int_equal(fact->discharge.discharged_at.seconds, RECORDED_AT - 3600);
    assert_int_equal(visit->care, CARE_INPATIENT);
    assert_int_equal(visit->referral, REFERRAL_REGISTERED);
    assert_int_equal(visit->channel, CHANNEL_MANUAL);
    assert_int_equal(visit->exclusion, EXCLUSION_ABROAD);
    assert_int_equal(visit->level, LEVEL_LEVEL_2);
    assert_int_equal(visit->charge_class, CHARGE_CLASS_2_COUNTY);
    assert_true(visit->designated);
    sample_text_equal(visit->institution_code, "H14042500001");
    sample_text_equal(visit->institution_name, "平顺县人民医院");
    sample_text_equal(visit->institution_region, "140425");
    assert_int_equal(visit->total.fen, 1000000);
    assert_int_equal(visit->in_policy.fen, 800000);
    assert_int_equal(visit->pre_self_pay.fen, 150000);
    assert_int_equal(visit->out_of_catalogue.fen, 50000);
    assert_int_equal(visit->basic_deductible.fen, 50000);
    assert_true(visit->has_critical_illness);
    static const int64_t paid[PAYER_COUNT] = { 400000, 100000, 1, 2, 3, 4, 5 };
    for (int payer = 0; payer < PAYER_COUNT; payer++)
        assert_int_equal(visit->paid[payer].fen, paid[payer]);
    assert_true(visit->has_account);
    assert_int_equal(visit->account_use, ACCOUNT_USE_IF_AVAILABLE);
    assert_int_equal(visit->purpose, PURPOSE_VACCINE);
    sample_text_equal(visit->account_owner, OTHER_PERSON);
    sample_text_equal(visit->account_beneficiary, PERSON);
    assert_int_equal(visit->account_requested.fen, 6);
}

static void test_what_is_left_out(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
    wire->admitted_at = NULL;
    wire->institution = NULL;
    wire->costs = NULL;
    wire->paid = NULL;
    wire->account = NULL;
    wire->name = sample_text("");
    struct message message = sample_decode("discharge", &wire->base);
    const struct policy_visit *visit = &message.fact.discharge.visit;
    assert_false(message.fact.discharge.has_admitted_at);
    assert_int_equal(visit->referral, REFERRAL_NOT_NEEDED);
    assert_int_equal(visit->channel, CHANNEL_ONE_STOP);
    assert_int_equal(visit->exclusion, EXCLUSION_NONE);
    assert_int_equal(visit->level, LEVEL_LEVEL_1);
    assert_int_equal(visit->charge_class, 0);
    assert_false(visit->designated);
    assert_false(visit->has_critical_illness);
    assert_false(visit->has_account);
    assert_int_equal(visit->account_use, ACCOUNT_USE_NO);
    assert_int_equal(visit->purpose, PURPOSE_MEDICAL);
    assert_int_equal(visit->total.fen, 0);
}

/* Absent account, and an account that says nothing, for each kind of care. */
static void test_account_defaults(void **state)
{
    (void)state;
    static const struct {
        Settled__V1__Discharge__Care care;
        int use_absent, use_silent, purpose;
    } cases[] = {
        { CARE(INPATIENT), ACCOUNT_USE_NO, ACCOUNT_USE_NO, PURPOSE_MEDICAL },
        { CARE(OUTPATIENT), ACCOUNT_USE_IF_AVAILABLE, ACCOUNT_USE_IF_AVAILABLE, PURPOSE_MEDICAL },
        { CARE(PHARMACY), ACCOUNT_USE_IF_AVAILABLE, ACCOUNT_USE_IF_AVAILABLE, PURPOSE_DRUGSTORE },
        { CARE(SPECIAL_DRUG), ACCOUNT_USE_NO, ACCOUNT_USE_NO, PURPOSE_MEDICAL },
        { CARE(ACCOUNT_PURCHASE), ACCOUNT_USE_NO, ACCOUNT_USE_IF_AVAILABLE, PURPOSE_MEDICAL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Settled__V1__Discharge *wire = sample_discharge();
        wire->care = cases[i].care;
        wire->account->use = SETTLED__V1__ACCOUNT__USE__USE_UNSPECIFIED;
        struct message message = sample_decode("discharge", &wire->base);
        assert_int_equal(message.fact.discharge.visit.account_use, cases[i].use_silent);
        assert_int_equal(message.fact.discharge.visit.purpose, cases[i].purpose);
        wire->account = NULL;
        message = sample_decode("discharge", &wire->base);
        assert_int_equal(message.fact.discharge.visit.account_use, cases[i].use_absent);
        assert_int_equal(message.fact.discharge.visit.purpose, cases[i].purpose);
    }
}

/* Whatever is not a stay begins when it ends, unless it says otherwise. */
static void test_admission_of_a_visit(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
    wire->care = CARE(OUTPATIENT);
    wire->admitted_at = NULL;
    struct message message = sample_decode("discharge", &wire->base);
    assert_true(message.fact.discharge.has_admitted_at);
    assert_int_equal(message.fact.discharge.admitted_at.seconds, RECORDED_AT - 3600);
    wire->admitted_at = sample_time(RECORDED_AT - 7200, 0);
    message = sample_decode("discharge", &wire->base);
    assert_int_equal(message.fact.discharge.admitted_at.seconds, RECORDED_AT - 7200);
}

/* A critical illness payment of zero is not the same as none. */
static void test_zero_critical_illness_is_given(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
    wire->paid->critical_illness_fen = 0;
    struct message message = sample_decode("discharge", &wire->base);
    assert_true(message.fact.discharge.visit.has_critical_illness);
    struct message again;
    assert_int_equal(
        message_codec_of(FACT_DISCHARGE)->decode(&sample_context, sample_arena, sample_encode(&message), &again, NULL),
        STATUS_OK);
    assert_true(again.fact.discharge.visit.has_critical_illness);
}

/* A void is checked for who, where and which; all else of it may be as it likes, and none of it is kept. */
static void test_void(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
    wire->voided = 1;
    wire->care = (Settled__V1__Discharge__Care)99;
    wire->discharged_at = sample_time(RECORDED_AT * 2, -1);
    wire->costs->total_fen = -1;
    wire->account->owner_id = sample_text("nobody");
    struct message message = sample_decode("discharge", &wire->base);
    assert_true(message.fact.discharge.voided);
    assert_int_equal(message.fact.discharge.visit.care, 0);
    assert_int_equal(message.fact.discharge.visit.total.fen, 0);
}

static void test_spoilt_voids(void **state)
{
    (void)state;
    REFUSED(MISSING_FIELD, "encounter_id", wire->voided = 1; wire->encounter_id = sample_text(""));
    REFUSED(MISSING_FIELD, "event_id", wire->voided = 1; wire->event_id = sample_text(""));
    REFUSED(BAD_PERSON_ID, "person_id", wire->voided = 1; wire->person_id = sample_text("140425197305110034"));
    REFUSED(UNKNOWN_REGION, "region", wire->voided = 1; wire->region = sample_text("999999"));
    REFUSED(BAD_DATE, "recorded_at", wire->voided = 1; wire->recorded_at->nanos = -1);
}

static void test_missing(void **state)
{
    (void)state;
    REFUSED(MISSING_FIELD, "event_id", wire->event_id = sample_text(""));
    REFUSED(MISSING_FIELD, "source", wire->source = sample_text(""));
    REFUSED(MISSING_FIELD, "recorded_at", wire->recorded_at = NULL);
    REFUSED(MISSING_FIELD, "region", wire->region = sample_text(""));
    REFUSED(MISSING_FIELD, "person_id", wire->person_id = sample_text(""));
    REFUSED(MISSING_FIELD, "encounter_id", wire->encounter_id = sample_text(""));
    REFUSED(MISSING_FIELD, "care", wire->care = CARE(CARE_UNSPECIFIED));
    REFUSED(MISSING_FIELD, "discharged_at", wire->discharged_at = NULL);
}

static void test_who_and_where(void **state)
{
    (void)state;
    REFUSED(BAD_PERSON_ID, "person_id", wire->person_id = sample_text("14042519800101003x"));
    REFUSED(BAD_PERSON_ID, "account.owner_id", wire->account->owner_id = sample_text("1"));
    REFUSED(BAD_PERSON_ID, "account.beneficiary_id", wire->account->beneficiary_id = sample_text("1"));
    REFUSED(UNKNOWN_REGION, "region", wire->region = sample_text("14042"));
    REFUSED(UNKNOWN_REGION, "region", wire->region = sample_text("140426"));
    TAKEN(wire->region = sample_text("140522"));
}

static void test_enums(void **state)
{
    (void)state;
    REFUSED(UNKNOWN_ENUM, "care", wire->care = (Settled__V1__Discharge__Care)7);
    REFUSED(UNKNOWN_ENUM, "care", wire->care = (Settled__V1__Discharge__Care)-1);
    REFUSED(UNKNOWN_ENUM, "care", wire->care = (Settled__V1__Discharge__Care)257);
    REFUSED(UNKNOWN_ENUM, "referral", wire->referral = (Settled__V1__Discharge__Referral)4);
    REFUSED(UNKNOWN_ENUM, "channel", wire->channel = (Settled__V1__Discharge__Channel)3);
    REFUSED(UNKNOWN_ENUM, "exclusion", wire->exclusion = (Settled__V1__Discharge__Exclusion)8);
    REFUSED(UNKNOWN_ENUM, "institution.level", wire->institution->level = (Settled__V1__Institution__Level)4);
    REFUSED(UNKNOWN_ENUM, "institution.charge_class",
        wire->institution->charge_class = (Settled__V1__Institution__ChargeClass)5);
    REFUSED(UNKNOWN_ENUM, "account.use", wire->account->use = (Settled__V1__Account__Use)3);
    REFUSED(UNKNOWN_ENUM, "account.purpose", wire->account->purpose = (Settled__V1__Account__Purpose)17);
    TAKEN(wire->account->purpose = SETTLED__V1__ACCOUNT__PURPOSE__STATE_VACCINE);
}

static void test_chronic_class(void **state)
{
    (void)state;
    for (int class = 1; class <= 3; class ++)
        TAKEN(wire->care = CARE(CHRONIC); wire->chronic_class = class);
    REFUSED(BAD_VALUE, "chronic_class", wire->care = CARE(CHRONIC));
    REFUSED(BAD_VALUE, "chronic_class", wire->care = CARE(CHRONIC); wire->chronic_class = 4);
    REFUSED(BAD_VALUE, "chronic_class", wire->care = CARE(CHRONIC); wire->chronic_class = -1);
    REFUSED(BAD_VALUE, "chronic_class", wire->chronic_class = 1);
    REFUSED(BAD_VALUE, "chronic_class", wire->chronic_class = 256);
}

static void test_instants(void **state)
{
    (void)state;
    REFUSED(BAD_DATE, "recorded_at", wire->recorded_at->seconds = INSTANT_LAST_SECONDS + 1);
    REFUSED(BAD_DATE, "recorded_at", wire->recorded_at->seconds = INSTANT_FIRST_SECONDS - 1);
    REFUSED(BAD_DATE, "recorded_at", wire->recorded_at->seconds = INT64_MAX);
    REFUSED(BAD_DATE, "admitted_at", wire->admitted_at->nanos = 1000000000);
    REFUSED(BAD_DATE, "discharged_at", wire->discharged_at->nanos = -1);
    TAKEN(wire->recorded_at->seconds = INSTANT_LAST_SECONDS; wire->recorded_at->nanos = 999999999);
    TAKEN(wire->admitted_at->seconds = INSTANT_FIRST_SECONDS);
}

static void test_amounts(void **state)
{
    (void)state;
    REFUSED(NEGATIVE_AMOUNT, "costs.total_fen", wire->costs->total_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "costs.in_policy_fen", wire->costs->in_policy_fen = INT64_MIN);
    REFUSED(NEGATIVE_AMOUNT, "costs.pre_self_pay_fen", wire->costs->pre_self_pay_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "costs.out_of_catalogue_fen", wire->costs->out_of_catalogue_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.basic_fen", wire->paid->basic_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.basic_deductible_fen", wire->paid->basic_deductible_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.critical_illness_fen", wire->paid->critical_illness_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.large_supplement_fen", wire->paid->large_supplement_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.enterprise_supplement_fen", wire->paid->enterprise_supplement_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.commercial_fen", wire->paid->commercial_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.mutual_aid_fen", wire->paid->mutual_aid_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "paid.other_aid_fen", wire->paid->other_aid_fen = -1);
    REFUSED(NEGATIVE_AMOUNT, "account.requested_fen", wire->account->requested_fen = -1);
    REFUSED(AMOUNT_TOO_LARGE, "costs.total_fen", wire->costs->total_fen = MONEY_LIMIT_FEN + 1);
    REFUSED(AMOUNT_TOO_LARGE, "costs.in_policy_fen", wire->costs->in_policy_fen = INT64_MAX);
    REFUSED(AMOUNT_TOO_LARGE, "paid.other_aid_fen", wire->paid->other_aid_fen = INT64_MAX);
    REFUSED(AMOUNT_TOO_LARGE, "account.requested_fen", wire->account->requested_fen = MONEY_LIMIT_FEN + 1);
    TAKEN(wire->costs->total_fen = MONEY_LIMIT_FEN; wire->costs->in_policy_fen = MONEY_LIMIT_FEN - 200000);
    TAKEN(wire->account->requested_fen = MONEY_LIMIT_FEN);
    /* Three that are each within the limit and add up above it are no sum, and do not overflow. */
    REFUSED(TOTAL_NOT_THE_SUM, "costs.total_fen",
        wire->costs->in_policy_fen = wire->costs->pre_self_pay_fen = wire->costs->out_of_catalogue_fen =
            MONEY_LIMIT_FEN);
}

static void test_sums(void **state)
{
    (void)state;
    REFUSED(TOTAL_NOT_THE_SUM, "costs.total_fen", wire->costs->total_fen += 1);
    REFUSED(TOTAL_NOT_THE_SUM, "costs.total_fen", wire->costs->total_fen -= 1);
    REFUSED(TOTAL_NOT_THE_SUM, "costs.total_fen", wire->costs->out_of_catalogue_fen += 1);
    TAKEN(wire->paid->other_aid_fen = 300000);
    REFUSED(PAYMENTS_ABOVE_COST, "paid", wire->paid->other_aid_fen = 300001);
    REFUSED(PAYMENTS_ABOVE_COST, "paid", wire->paid->large_supplement_fen = 300001);
    /* The deductible is borne by the person: no payment, but no larger than the cost either. */
    TAKEN(wire->paid->other_aid_fen = 300000; wire->paid->basic_deductible_fen = 800000);
    REFUSED(DEDUCTIBLE_ABOVE_COST, "paid.basic_deductible_fen", wire->paid->basic_deductible_fen = 800001);
}

static void test_times(void **state)
{
    (void)state;
    TAKEN(wire->admitted_at = sample_time(RECORDED_AT - 3600, 0));
    REFUSED(DISCHARGE_BEFORE_ADMISSION, "discharged_at", wire->admitted_at = sample_time(RECORDED_AT - 3600, 1));
    REFUSED(DISCHARGE_BEFORE_ADMISSION, "discharged_at", wire->care = CARE(OUTPATIENT);
            wire->admitted_at = sample_time(RECORDED_AT - 3599, 0));
    /* recorded_at has 5 nanoseconds. */
    TAKEN(wire->discharged_at = sample_time(RECORDED_AT + 86400, 5));
    REFUSED(IN_THE_FUTURE, "discharged_at", wire->discharged_at = sample_time(RECORDED_AT + 86400, 6));
    REFUSED(IN_THE_FUTURE, "discharged_at", wire->discharged_at = sample_time(INSTANT_LAST_SECONDS, 0));
}

/* With everything wrong at once, each repair uncovers the next reason, always in this order. */
static void test_order_of_reasons(void **state)
{
    (void)state;
    Settled__V1__Discharge *wire = sample_discharge();
#define NEXT(reason, field, repair)                                                                                    \
    do {                                                                                                               \
        sample_refused("discharge", &wire->base, STATUS_##reason, field);                                              \
        repair;                                                                                                        \
    } while (0)
    wire->name = sample_text("\xff");
    wire->institution->name = sample_filled(WIRE_NAME_LIMIT + 1);
    wire->source = sample_text("");
    wire->person_id = sample_text("1");
    wire->region = sample_text("1");
    wire->care = (Settled__V1__Discharge__Care)9;
    wire->recorded_at->nanos = -1;
    wire->discharged_at = sample_time(RECORDED_AT + 864000, 0);
    wire->admitted_at = sample_time(RECORDED_AT + 864001, 0);
    wire->chronic_class = 9;
    wire->costs->total_fen = INT64_MAX;
    wire->paid->basic_fen = -1;
    wire->paid->basic_deductible_fen = 800001;
    NEXT(BAD_UTF8, "name", wire->name = sample_text("a"));
    NEXT(FIELD_TOO_LONG, "institution.name", wire->institution->name = sample_filled(WIRE_NAME_LIMIT));
    NEXT(MISSING_FIELD, "source", wire->source = sample_text("s"));
    NEXT(BAD_PERSON_ID, "person_id", wire->person_id = sample_text(PERSON));
    NEXT(UNKNOWN_REGION, "region", wire->region = sample_text("140522"));
    NEXT(UNKNOWN_ENUM, "care", wire->care = CARE(INPATIENT));
    NEXT(BAD_DATE, "recorded_at", wire->recorded_at->nanos = 0);
    NEXT(BAD_VALUE, "chronic_class", wire->chronic_class = 0);
    NEXT(NEGATIVE_AMOUNT, "paid.basic_fen", wire->paid->basic_fen = 800000);
    NEXT(AMOUNT_TOO_LARGE, "costs.total_fen", wire->costs->total_fen = 1);
    NEXT(TOTAL_NOT_THE_SUM, "costs.total_fen", wire->costs->total_fen = 1000000);
    NEXT(PAYMENTS_ABOVE_COST, "paid", wire->paid->basic_fen = 0);
    NEXT(DEDUCTIBLE_ABOVE_COST, "paid.basic_deductible_fen", wire->paid->basic_deductible_fen = 800000);
    NEXT(DISCHARGE_BEFORE_ADMISSION, "discharged_at", wire->admitted_at = NULL);
    NEXT(IN_THE_FUTURE, "discharged_at", wire->discharged_at->seconds = RECORDED_AT);
    sample_decode("discharge", &wire->base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_field_is_read),
        SAMPLE_TEST(test_what_is_left_out),
        SAMPLE_TEST(test_account_defaults),
        SAMPLE_TEST(test_admission_of_a_visit),
        SAMPLE_TEST(test_zero_critical_illness_is_given),
        SAMPLE_TEST(test_void),
        SAMPLE_TEST(test_spoilt_voids),
        SAMPLE_TEST(test_missing),
        SAMPLE_TEST(test_who_and_where),
        SAMPLE_TEST(test_enums),
        SAMPLE_TEST(test_chronic_class),
        SAMPLE_TEST(test_instants),
        SAMPLE_TEST(test_amounts),
        SAMPLE_TEST(test_sums),
        SAMPLE_TEST(test_times),
        SAMPLE_TEST(test_order_of_reasons),
    };
    return SAMPLE_TESTS(tests);
}
