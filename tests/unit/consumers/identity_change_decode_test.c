#include "tests/unit/consumers/message_sample.h"

#define CATEGORY(name) SETTLED__V1__IDENTITY_CHANGE__CATEGORY__##name
#define ACTION(name) SETTLED__V1__IDENTITY_CHANGE__ACTION__##name

#define REFUSED(category, reason, field, ...)                                                                          \
    do {                                                                                                               \
        Settled__V1__IdentityChange *wire = sample_identity(CATEGORY(category));                                       \
        __VA_ARGS__;                                                                                                   \
        sample_refused("identity-change", &wire->base, STATUS_##reason, field);                                        \
    } while (0)

static struct fact_identity decoded(const Settled__V1__IdentityChange *wire)
{
    return sample_decode("identity-change", &wire->base).fact.identity;
}

static void test_every_field_is_read(void **state)
{
    (void)state;
    Settled__V1__IdentityChange *wire = sample_identity(CATEGORY(SUBSISTENCE_ALLOWANCE));
    wire->action = ACTION(REVOKE);
    wire->reply_to = sample_text("W-2");
    struct message message = sample_decode("identity-change", &wire->base);
    const struct fact_identity *identity = &message.fact.identity;
    assert_int_equal(message.fact.kind, FACT_IDENTITY);
    sample_text_equal(message.person_id, PERSON);
    sample_text_equal(message.fact.source, "hospital-1");
    sample_text_equal(message.fact.name, "张三");
    assert_int_equal(identity->category, CATEGORY_SUBSISTENCE_ALLOWANCE);
    assert_int_equal(identity->action, IDENTITY_ACTION_REVOKE);
    assert_int_equal(identity->effective_on.n, day_of(2023, 3, 1).n);
    assert_int_equal(identity->funding, 0);
    assert_int_equal(identity->relation, 0);
    sample_text_equal(identity->roster_id, "R-1");
    sample_text_equal(identity->reply_to, "W-2");
}

static void test_refusals(void **state)
{
    (void)state;
    REFUSED(RETIRED, MISSING_FIELD, "event_id", wire->event_id = sample_text(""));
    REFUSED(RETIRED, MISSING_FIELD, "action", wire->action = ACTION(ACTION_UNSPECIFIED));
    REFUSED(CATEGORY_UNSPECIFIED, MISSING_FIELD, "category", (void)wire);
    REFUSED(RETIRED, MISSING_FIELD, "effective_on", wire->effective_on = sample_text(""));
    REFUSED(RETIRED, BAD_PERSON_ID, "person_id", wire->person_id = sample_text("x"));
    REFUSED(RETIRED, UNKNOWN_REGION, "region", wire->region = sample_text("x"));
    REFUSED(RETIRED, UNKNOWN_ENUM, "category", wire->category = (Settled__V1__IdentityChange__Category)17);
    REFUSED(RETIRED, UNKNOWN_ENUM, "action", wire->action = (Settled__V1__IdentityChange__Action)4);
    REFUSED(RETIRED, BAD_DATE, "recorded_at", wire->recorded_at->nanos = -1);
    REFUSED(RETIRED, BAD_DATE, "effective_on", wire->effective_on = sample_text("2023-02-29"));
    REFUSED(RETIRED, BAD_DATE, "effective_on", wire->effective_on = sample_text("2023-2-1"));
    REFUSED(RETIRED, BAD_DATE, "effective_on", wire->effective_on = sample_text("0000-01-01"));
}

/* What a department decides may begin later. */
static void test_the_future_is_fine(void **state)
{
    (void)state;
    Settled__V1__IdentityChange *wire = sample_identity(CATEGORY(RETIRED));
    wire->effective_on = sample_text("9999-12-31");
    assert_int_equal(decoded(wire).effective_on.n, DAY_LAST.n);
}

static void test_funding(void **state)
{
    (void)state;
    static const struct {
        Settled__V1__IdentityChange__Category category;
        const char *funding;
        int expected; /* -1: refused */
    } cases[] = {
        { CATEGORY(SUPPLEMENTARY_MEMBER), NULL, FUNDING_YEARLY },
        { CATEGORY(SUPPLEMENTARY_MEMBER), "FISCAL", FUNDING_FISCAL },
        { CATEGORY(SUPPLEMENTARY_MEMBER), "MONTHLY", FUNDING_MONTHLY },
        { CATEGORY(SUPPLEMENTARY_MEMBER), "YEARLY", FUNDING_YEARLY },
        { CATEGORY(SUPPLEMENTARY_MEMBER), "monthly", -1 },
        { CATEGORY(SUPPLEMENTARY_MEMBER), "MONTHLY ", -1 },
        { CATEGORY(EMPLOYEE_INSURED), NULL, FUNDING_YEARLY },
        { CATEGORY(EMPLOYEE_INSURED), "MONTHLY", FUNDING_MONTHLY },
        { CATEGORY(EMPLOYEE_INSURED), "FISCAL", -1 },
        { CATEGORY(RESIDENT_INSURED), NULL, 0 },
        { CATEGORY(RESIDENT_INSURED), "nonsense", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Settled__V1__IdentityChange *wire = sample_identity(cases[i].category);
        sample_attribute(wire, "unknown", "whatever");
        if (cases[i].funding != NULL)
            sample_attribute(wire, "funding", cases[i].funding);
        if (cases[i].expected == -1)
            sample_refused("identity-change", &wire->base, STATUS_BAD_ATTRIBUTE, "attributes.funding");
        else
            assert_int_equal(decoded(wire).funding, cases[i].expected);
    }
}

static void test_the_last_of_an_attribute_counts(void **state)
{
    (void)state;
    Settled__V1__IdentityChange *wire = sample_identity(CATEGORY(SUPPLEMENTARY_MEMBER));
    sample_attribute(wire, "funding", "FISCAL");
    sample_attribute(wire, "funding", "MONTHLY");
    assert_int_equal(decoded(wire).funding, FUNDING_MONTHLY);
}

static void test_relative(void **state)
{
    (void)state;
    static const char *const relations[] = { "SPOUSE", "PARENT", "CHILD" };
    for (int relation = 0; relation < 3; relation++) {
        Settled__V1__IdentityChange *wire = sample_identity(CATEGORY(RELATIVE));
        sample_attribute(wire, "relation", relations[relation]);
        sample_attribute(wire, "relative_id", OTHER_PERSON);
        struct fact_identity identity = decoded(wire);
        assert_int_equal(identity.relation, relation + 1);
        sample_text_equal(identity.relative_id, OTHER_PERSON);
    }
    REFUSED(RELATIVE, BAD_ATTRIBUTE, "attributes.relative_id", sample_attribute(wire, "relation", "CHILD"));
    REFUSED(RELATIVE, BAD_ATTRIBUTE, "attributes.relation", sample_attribute(wire, "relative_id", OTHER_PERSON));
    REFUSED(RELATIVE, BAD_ATTRIBUTE, "attributes.relation", sample_attribute(wire, "relation", "COUSIN");
            sample_attribute(wire, "relative_id", OTHER_PERSON));
    REFUSED(RELATIVE, BAD_ATTRIBUTE, "attributes.relative_id", sample_attribute(wire, "relation", "CHILD");
            sample_attribute(wire, "relative_id", "140425197305110034"));
}

/* An answer to a warning needs neither category nor day, but something that it answers or is about. */
static void test_no_action(void **state)
{
    (void)state;
    Settled__V1__IdentityChange *wire = sample_identity(CATEGORY(CATEGORY_UNSPECIFIED));
    wire->action = ACTION(NO_ACTION);
    wire->effective_on = sample_text("");
    wire->reply_to = sample_text("W-1");
    wire->recorded_at->seconds = RECORDED_AT + 8 * 3600; /* 2023-03-16 in Shanghai */
    struct fact_identity identity = decoded(wire);
    assert_int_equal(identity.category, 0);
    assert_int_equal(identity.action, IDENTITY_ACTION_NO_ACTION);
    assert_int_equal(identity.effective_on.n, day_of(2023, 3, 16).n);
    wire->category = CATEGORY(RELATIVE);
    decoded(wire);
    wire->reply_to = sample_text("");
    decoded(wire);
    wire->category = CATEGORY(CATEGORY_UNSPECIFIED);
    sample_refused("identity-change", &wire->base, STATUS_MISSING_FIELD, "reply_to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_field_is_read),
        SAMPLE_TEST(test_refusals),
        SAMPLE_TEST(test_the_future_is_fine),
        SAMPLE_TEST(test_funding),
        SAMPLE_TEST(test_the_last_of_an_attribute_counts),
        SAMPLE_TEST(test_relative),
        SAMPLE_TEST(test_no_action),
    };
    return SAMPLE_TESTS(tests);
}
