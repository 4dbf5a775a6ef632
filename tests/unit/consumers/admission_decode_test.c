#include "tests/unit/consumers/message_sample.h"

#define REFUSED(reason, field, ...)                                                                                    \
    do {                                                                                                               \
        Settled__V1__Admission *wire = sample_admission();                                                             \
        __VA_ARGS__;                                                                                                   \
        sample_refused("admission", &wire->base, STATUS_##reason, field);                                              \
    } while (0)

static void test_every_field_is_read(void **state)
{
    (void)state;
    struct message message = sample_decode("admission", &sample_admission()->base);
    const struct fact_admission *stay = &message.fact.admission;
    assert_int_equal(message.fact.kind, FACT_ADMISSION);
    sample_text_equal(message.region, "140425");
    sample_text_equal(message.person_id, PERSON);
    sample_text_equal(message.fact.event_id, "e-1");
    sample_text_equal(message.fact.source, "hospital-1");
    sample_text_equal(message.fact.name, "张三");
    assert_int_equal(message.fact.recorded_at.seconds, RECORDED_AT);
    sample_text_equal(stay->encounter_id, "E-7");
    assert_int_equal(stay->version, 2);
    assert_false(stay->voided);
    assert_int_equal(stay->admitted_at.seconds, RECORDED_AT - 864000);
    sample_text_equal(stay->institution_code, "H14042500001");
    sample_text_equal(stay->institution_name, "平顺县人民医院");
    assert_false(message.trial);
}

static void test_refusals(void **state)
{
    (void)state;
    REFUSED(MISSING_FIELD, "event_id", wire->event_id = sample_text(""));
    REFUSED(MISSING_FIELD, "source", wire->source = sample_text(""));
    REFUSED(MISSING_FIELD, "recorded_at", wire->recorded_at = NULL);
    REFUSED(MISSING_FIELD, "region", wire->region = sample_text(""));
    REFUSED(MISSING_FIELD, "person_id", wire->person_id = sample_text(""));
    REFUSED(MISSING_FIELD, "encounter_id", wire->encounter_id = sample_text(""));
    REFUSED(MISSING_FIELD, "admitted_at", wire->admitted_at = NULL);
    REFUSED(BAD_PERSON_ID, "person_id", wire->person_id = sample_text("140425197305110034"));
    REFUSED(UNKNOWN_REGION, "region", wire->region = sample_text("000000"));
    REFUSED(BAD_DATE, "recorded_at", wire->recorded_at->nanos = 1000000000);
    REFUSED(BAD_DATE, "admitted_at", wire->admitted_at->seconds = INT64_MIN);
    REFUSED(IN_THE_FUTURE, "admitted_at", wire->admitted_at = sample_time(RECORDED_AT + 86400, 6));
}

static void test_a_day_ahead_is_not_the_future(void **state)
{
    (void)state;
    Settled__V1__Admission *wire = sample_admission();
    wire->admitted_at = sample_time(RECORDED_AT + 86400, 5);
    wire->institution = NULL;
    struct message message = sample_decode("admission", &wire->base);
    assert_int_equal(message.fact.admission.admitted_at.seconds, RECORDED_AT + 86400);
}

static void test_void(void **state)
{
    (void)state;
    Settled__V1__Admission *wire = sample_admission();
    wire->voided = 1;
    wire->admitted_at = sample_time(INT64_MAX, -1);
    struct message message = sample_decode("admission", &wire->base);
    assert_true(message.fact.admission.voided);
    assert_int_equal(message.fact.admission.admitted_at.seconds, 0);
    assert_int_equal(message.fact.admission.institution_code.length, 0);
    wire->admitted_at = NULL;
    sample_decode("admission", &wire->base);
    wire->encounter_id = sample_text("");
    sample_refused("admission", &wire->base, STATUS_MISSING_FIELD, "encounter_id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_field_is_read),
        SAMPLE_TEST(test_refusals),
        SAMPLE_TEST(test_a_day_ahead_is_not_the_future),
        SAMPLE_TEST(test_void),
    };
    return SAMPLE_TESTS(tests);
}
