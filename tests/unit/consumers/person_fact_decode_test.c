#include "tests/unit/consumers/message_sample.h"

#define REFUSED(kind, reason, field, ...)                                                                              \
    do {                                                                                                               \
        Settled__V1__PersonFact *wire = sample_##kind();                                                               \
        __VA_ARGS__;                                                                                                   \
        sample_refused("person-fact", &wire->base, STATUS_##reason, field);                                            \
    } while (0)

static void test_contribution(void **state)
{
    (void)state;
    Settled__V1__PersonFact *wire = sample_contribution();
    struct message message = sample_decode("person-fact", &wire->base);
    const struct fact_contribution *contribution = &message.fact.contribution;
    assert_int_equal(message.fact.kind, FACT_CONTRIBUTION);
    sample_text_equal(message.fact.name, "张三");
    assert_int_equal(contribution->contribution, CONTRIBUTION_EMPLOYEE);
    assert_false(contribution->removed);
    assert_int_equal(contribution->year, 2023);
    assert_int_equal(contribution->month, 2);
    assert_int_equal(contribution->paid_on.n, day_of(2023, 2, 10).n);
    assert_int_equal(contribution->amount.fen, 11250);
    assert_int_equal(contribution->account_credit.fen, 5000);
    wire->contribution->period = sample_text("2023");
    message = sample_decode("person-fact", &wire->base);
    assert_int_equal(message.fact.contribution.year, 2023);
    assert_int_equal(message.fact.contribution.month, 0);
}

static void test_periods(void **state)
{
    (void)state;
    static const char *const bad[] = { "2023-13", "2023-00", "0000", "0000-01", "23-01", "2023-1", "2023-001",
        "2023/01", "20a3", "2023-01-01" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        REFUSED(contribution, BAD_DATE, "contribution.period", wire->contribution->period = sample_text(bad[i]));
}

static void test_enrolment(void **state)
{
    (void)state;
    Settled__V1__PersonFact *wire = sample_enrolment();
    struct message message = sample_decode("person-fact", &wire->base);
    assert_int_equal(message.fact.kind, FACT_ENROLMENT);
    assert_int_equal(message.fact.enrolment.year, 2023);
    assert_int_equal(message.fact.enrolment.premium.fen, 35000);
    assert_true(message.fact.enrolment.paid);
    assert_int_equal(message.fact.enrolment.paid_on.n, day_of(2022, 11, 30).n);
    wire->enrolment->paid_on = sample_text("");
    message = sample_decode("person-fact", &wire->base);
    assert_false(message.fact.enrolment.paid);
}

static void test_credit(void **state)
{
    (void)state;
    struct message message = sample_decode("person-fact", &sample_credit()->base);
    assert_int_equal(message.fact.kind, FACT_CREDIT);
    assert_int_equal(message.fact.credit.amount.fen, 1234);
    assert_int_equal(message.fact.credit.credited_on.n, day_of(2023, 3, 15).n);
    sample_text_equal(message.fact.credit.cause_id, "C-9");
}

/* A correction of what was inherited may take money back. */
static void test_negative_credit(void **state)
{
    (void)state;
    Settled__V1__PersonFact *wire = sample_credit();
    wire->account_credit->amount_fen = -MONEY_LIMIT_FEN;
    assert_int_equal(sample_decode("person-fact", &wire->base).fact.credit.amount.fen, -MONEY_LIMIT_FEN);
}

/* What takes a row back says which, and nothing else of it is looked at or kept. */
static void test_remove(void **state)
{
    (void)state;
    Settled__V1__PersonFact *wire = sample_contribution();
    wire->action = SETTLED__V1__PERSON_FACT__ACTION__REMOVE;
    wire->contribution->paid_on = sample_text("");
    wire->contribution->amount_fen = -1;
    struct message message = sample_decode("person-fact", &wire->base);
    assert_true(message.fact.contribution.removed);
    assert_int_equal(message.fact.contribution.amount.fen, 0);
    wire = sample_enrolment();
    wire->action = SETTLED__V1__PERSON_FACT__ACTION__REMOVE;
    message = sample_decode("person-fact", &wire->base);
    assert_true(message.fact.enrolment.removed);
    assert_false(message.fact.enrolment.paid);
}

static void test_refusals(void **state)
{
    (void)state;
    REFUSED(fact, MISSING_FIELD, "fact", (void)wire);
    REFUSED(contribution, MISSING_FIELD, "source", wire->source = sample_text(""));
    REFUSED(contribution, MISSING_FIELD, "contribution.scheme", wire->contribution->scheme = 0);
    REFUSED(contribution, MISSING_FIELD, "contribution.period", wire->contribution->period = sample_text(""));
    REFUSED(contribution, MISSING_FIELD, "contribution.paid_on", wire->contribution->paid_on = sample_text(""));
    REFUSED(enrolment, MISSING_FIELD, "enrolment.year", wire->enrolment->year = 0);
    REFUSED(credit, MISSING_FIELD, "account_credit.credited_on", wire->account_credit->credited_on = sample_text(""));
    REFUSED(credit, MISSING_FIELD, "account_credit.cause_id", wire->account_credit->cause_id = sample_text(""));
    REFUSED(credit, BAD_PERSON_ID, "person_id", wire->person_id = sample_text("1"));
    REFUSED(credit, UNKNOWN_REGION, "region", wire->region = sample_text("1"));
    REFUSED(credit, UNKNOWN_ENUM, "action", wire->action = (Settled__V1__PersonFact__Action)3);
    REFUSED(contribution, UNKNOWN_ENUM, "contribution.scheme",
        wire->contribution->scheme = (Settled__V1__PersonFact__Contribution__Scheme)3);
    REFUSED(contribution, BAD_DATE, "contribution.paid_on", wire->contribution->paid_on = sample_text("2023-02-30"));
    REFUSED(enrolment, BAD_DATE, "enrolment.paid_on", wire->enrolment->paid_on = sample_text("x"));
    REFUSED(credit, BAD_DATE, "account_credit.credited_on", wire->account_credit->credited_on = sample_text("x"));
    REFUSED(credit, BAD_VALUE, "action", wire->action = SETTLED__V1__PERSON_FACT__ACTION__REMOVE);
    REFUSED(enrolment, BAD_VALUE, "enrolment.year", wire->enrolment->year = 10000);
    REFUSED(enrolment, BAD_VALUE, "enrolment.year", wire->enrolment->year = -1);
    REFUSED(contribution, NEGATIVE_AMOUNT, "contribution.amount_fen", wire->contribution->amount_fen = -1);
    REFUSED(
        contribution, NEGATIVE_AMOUNT, "contribution.account_credit_fen", wire->contribution->account_credit_fen = -1);
    REFUSED(enrolment, NEGATIVE_AMOUNT, "enrolment.premium_fen", wire->enrolment->premium_fen = -1);
    REFUSED(
        credit, AMOUNT_TOO_LARGE, "account_credit.amount_fen", wire->account_credit->amount_fen = MONEY_LIMIT_FEN + 1);
    REFUSED(
        credit, AMOUNT_TOO_LARGE, "account_credit.amount_fen", wire->account_credit->amount_fen = -MONEY_LIMIT_FEN - 1);
    REFUSED(credit, AMOUNT_TOO_LARGE, "account_credit.amount_fen", wire->account_credit->amount_fen = INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_contribution),
        SAMPLE_TEST(test_periods),
        SAMPLE_TEST(test_enrolment),
        SAMPLE_TEST(test_credit),
        SAMPLE_TEST(test_negative_credit),
        SAMPLE_TEST(test_remove),
        SAMPLE_TEST(test_refusals),
    };
    return SAMPLE_TESTS(tests);
}
