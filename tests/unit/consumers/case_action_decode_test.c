#include "tests/unit/consumers/message_sample.h"

#define TYPE(name) SETTLED__V1__CASE_ACTION__TYPE__##name

#define REFUSED(type, reason, field, ...)                                                                              \
    do {                                                                                                               \
        Settled__V1__CaseAction *wire = sample_case(TYPE(type));                                                       \
        __VA_ARGS__;                                                                                                   \
        sample_refused("case-action", &wire->base, STATUS_##reason, field);                                            \
    } while (0)

static void test_every_field_is_read(void **state)
{
    (void)state;
    Settled__V1__CaseAction *wire = sample_case(TYPE(CLAIM));
    wire->year = 2022;
    wire->reason = sample_text("异地就医");
    struct message message = sample_decode("case-action", &wire->base);
    const struct fact_case *action = &message.fact.action;
    assert_int_equal(message.fact.kind, FACT_CASE);
    assert_int_equal(message.fact.name.length, 0);
    sample_text_equal(message.person_id, PERSON);
    sample_text_equal(action->case_id, "C-1");
    assert_int_equal(action->action, ACTION_CLAIM);
    assert_int_equal(action->scheme, SCHEME_ASSISTANCE);
    assert_int_equal(action->year, 2022);
    assert_int_equal(action->on.n, day_of(2023, 3, 14).n);
    assert_int_equal(action->encounter_count, 2);
    sample_text_equal(action->encounter_ids[0], "E-7");
    sample_text_equal(action->encounter_ids[1], "E-8");
    sample_text_equal(action->reason, "异地就医");
    assert_int_equal(action->amount.fen, 100);
    sample_text_equal(action->counterparty_id, OTHER_PERSON);
    sample_text_equal(action->reply_to, "W-1");
}

static void test_the_year_is_that_of_on(void **state)
{
    (void)state;
    struct message message = sample_decode("case-action", &sample_case(TYPE(APPLY))->base);
    assert_int_equal(message.fact.action.year, 2023);
}

static void test_refusals(void **state)
{
    (void)state;
    REFUSED(APPLY, MISSING_FIELD, "source", wire->source = sample_text(""));
    REFUSED(TYPE_UNSPECIFIED, MISSING_FIELD, "type", (void)wire);
    REFUSED(APPLY, MISSING_FIELD, "on", wire->on = sample_text(""));
    REFUSED(APPLY, BAD_PERSON_ID, "person_id", wire->person_id = sample_text("1"));
    REFUSED(APPLY, UNKNOWN_REGION, "region", wire->region = sample_text("1"));
    REFUSED(APPLY, UNKNOWN_ENUM, "type", wire->type = (Settled__V1__CaseAction__Type)13);
    REFUSED(APPLY, UNKNOWN_ENUM, "scheme", wire->scheme = (Settled__V1__CaseAction__Scheme)3);
    REFUSED(APPLY, BAD_DATE, "on", wire->on = sample_text("2023-04-31"));
    REFUSED(APPLY, BAD_VALUE, "year", wire->year = -1);
    REFUSED(APPLY, BAD_VALUE, "year", wire->year = 10000);
    REFUSED(APPROVE, NEGATIVE_AMOUNT, "amount_fen", wire->amount_fen = -1);
    REFUSED(APPROVE, AMOUNT_TOO_LARGE, "amount_fen", wire->amount_fen = MONEY_LIMIT_FEN + 1);
}

/* What each type needs, and what the others do without. */
static void test_needs_of_types(void **state)
{
    (void)state;
    for (int type = ACTION_APPLY; type <= ACTION_WARNING_REPLY; type++) {
        Settled__V1__CaseAction *wire = sample_case((Settled__V1__CaseAction__Type)type);
        wire->scheme = SETTLED__V1__CASE_ACTION__SCHEME__SCHEME_UNSPECIFIED;
        if (type <= ACTION_WITHDRAW)
            sample_refused("case-action", &wire->base, STATUS_MISSING_FIELD, "scheme");
        else
            sample_decode("case-action", &wire->base);
        wire = sample_case((Settled__V1__CaseAction__Type)type);
        wire->n_encounter_ids = 0;
        wire->counterparty_id = wire->reply_to = sample_text("");
        if (type == ACTION_CLAIM)
            sample_refused("case-action", &wire->base, STATUS_MISSING_FIELD, "encounter_ids");
        else if (type == ACTION_ACCOUNT_INHERIT)
            sample_refused("case-action", &wire->base, STATUS_MISSING_FIELD, "counterparty_id");
        else if (type == ACTION_WARNING_REPLY)
            sample_refused("case-action", &wire->base, STATUS_MISSING_FIELD, "reply_to");
        else
            sample_decode("case-action", &wire->base);
    }
    REFUSED(ACCOUNT_INHERIT, BAD_PERSON_ID, "counterparty_id", wire->counterparty_id = sample_text("heir"));
    REFUSED(CLAIM, MISSING_FIELD, "encounter_ids", wire->encounter_ids[1] = sample_text(""));
}

static void test_encounters_are_bounded(void **state)
{
    (void)state;
    Settled__V1__CaseAction *wire = sample_case(TYPE(CLAIM));
    wire->encounter_ids = ARENA_ARRAY(sample_arena, 367, char *);
    for (int i = 0; i < 367; i++)
        wire->encounter_ids[i] = sample_text("E");
    wire->n_encounter_ids = 366;
    sample_decode("case-action", &wire->base);
    wire->n_encounter_ids = 367;
    sample_refused("case-action", &wire->base, STATUS_BAD_VALUE, "encounter_ids");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_every_field_is_read),
        SAMPLE_TEST(test_the_year_is_that_of_on),
        SAMPLE_TEST(test_refusals),
        SAMPLE_TEST(test_needs_of_types),
        SAMPLE_TEST(test_encounters_are_bounded),
    };
    return SAMPLE_TESTS(tests);
}
