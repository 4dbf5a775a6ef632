#include "state/fact.h"

#include "tests/unit/state/fact_sample.h"

static const day any_day = { 19500 };

/* ---- Identity ---- */

static void topic_event_and_source_identify(void **state)
{
    (void)state;
    sample_unused();
    struct fact *a = fact_admission("e", 1, day_begin(any_day)), *b = fact_discharge("e", 1, day_begin(any_day));
    assert_true(fact_same_identity(a, a));
    assert_false(fact_same_identity(a, b));
    struct fact *other = fact_discharge("e", 2, day_begin(any_day));
    assert_true(fact_same_identity(b, other));
    other->source = TEXT("t");
    assert_false(fact_same_identity(b, other));
    other->source = b->source;
    other->event_id = TEXT("f");
    assert_false(fact_same_identity(b, other));
}

static void rows_of_lists_share_a_topic(void **state)
{
    (void)state;
    static const uint8_t kinds[] = { FACT_CONTRIBUTION, FACT_ENROLMENT, FACT_CREDIT };
    for (size_t a = 0; a < COUNT_OF(kinds); a++)
        for (size_t b = 0; b < COUNT_OF(kinds); b++)
            assert_true(fact_same_identity(fact_made(kinds[a], "e", 0), fact_made(kinds[b], "e", 0)));
    assert_false(fact_same_identity(fact_made(FACT_CREDIT, "e", 0), fact_made(FACT_CASE, "e", 0)));
}

/* ---- Which content wins ---- */

static int always(const struct fact *a, const struct fact *b)
{
    (void)a, (void)b;
    return 7;
}

static void wins(const struct fact *winner, const struct fact *loser)
{
    assert_true(fact_content_cmp(winner, loser, always) > 0);
    assert_true(fact_content_cmp(loser, winner, NULL) < 0);
}

static void later_then_greater_event_then_greater_source(void **state)
{
    (void)state;
    struct fact *a = fact_made(FACT_CASE, "a", 1), *b = fact_made(FACT_CASE, "b", 0);
    wins(a, b);
    b->recorded_at = a->recorded_at;
    wins(b, a);
    b->recorded_at.nanos = 1;
    wins(b, a);
    b->recorded_at.nanos = 0;
    b->event_id = TEXT("a");
    b->source = TEXT("S");
    wins(a, b);
    b->source = a->source;
    assert_int_equal(fact_content_cmp(a, b, NULL), 0);
    assert_int_equal(fact_content_cmp(a, b, always), 7);
}

/* ---- The order of a state ---- */

static void before(const struct fact *first, const struct fact *second)
{
    assert_true(fact_order(first, second) < 0);
    assert_true(fact_order(second, first) > 0);
}

static void kinds_stand_in_their_order(void **state)
{
    (void)state;
    for (uint8_t kind = FACT_ADMISSION; kind + 1 < FACT_KIND_COUNT; kind++) {
        struct fact *first = fact_made(kind, "z", 9), *second = fact_made((uint8_t)(kind + 1), "a", 0);
        before(first, second);
    }
}

static void the_newest_version_heads_its_series(void **state)
{
    (void)state;
    struct fact *old = fact_discharge("E1", 1, day_begin(any_day)), *new = fact_discharge("E1", 2, day_begin(any_day));
    before(new, old);
    old->discharge.version = 2;
    old->recorded_at.seconds = new->recorded_at.seconds + 1;
    before(old, new);
    old->discharge.encounter_id = TEXT("E2");
    before(new, old);
    old->discharge.encounter_id = TEXT("E10");
    new->discharge.encounter_id = TEXT("E2");
    before(old, new);
}

static void changes_stand_by_category_source_and_day(void **state)
{
    (void)state;
    struct fact *a = fact_identity("a", CATEGORY_RETIRED, IDENTITY_ACTION_GRANT, any_day);
    struct fact *b = fact_identity("b", CATEGORY_RETIRED, IDENTITY_ACTION_REVOKE, any_day);
    before(a, b);
    a->recorded_at.seconds++;
    before(b, a);
    b->identity.effective_on = day_add(any_day, 1);
    before(a, b);
    a->source = TEXT("t");
    before(b, a);
    b->identity.category = CATEGORY_RELATIVE;
    before(a, b);
}

static void the_row_that_holds_stands_first(void **state)
{
    (void)state;
    struct fact *old = fact_made(FACT_CONTRIBUTION, "a", 0), *new = fact_made(FACT_CONTRIBUTION, "b", 1);
    before(new, old);
    old->contribution.month = 1;
    before(new, old);
    new->contribution.year = 2023;
    before(old, new);
    struct fact *first = fact_made(FACT_ENROLMENT, "a", 0), *second = fact_made(FACT_ENROLMENT, "b", 1);
    before(second, first);
    second->enrolment.year = 2023;
    before(first, second);
}

/* rules.md, Cases: by day, then in the order of the actions, then as recorded. */
static void actions_stand_as_they_are_judged(void **state)
{
    (void)state;
    struct fact *apply = fact_made(FACT_CASE, "z", 9), *approve = fact_made(FACT_CASE, "a", 0);
    apply->action =
        (struct fact_case){ .action = ACTION_APPLY, .scheme = SCHEME_ASSISTANCE, .year = 2023, .on = any_day };
    approve->action = apply->action;
    approve->action.action = ACTION_APPROVE;
    before(apply, approve);
    apply->action.on = day_add(any_day, 1);
    before(approve, apply);
    apply->action = approve->action;
    before(approve, apply);
    approve->action.year = 2024;
    before(apply, approve);
}

static void one_version_of_two_events_is_a_rivalry(void **state)
{
    (void)state;
    struct fact *a = fact_discharge("E1", 1, day_begin(any_day)), *b = fact_discharge("E1", 1, day_begin(any_day));
    b->event_id = TEXT("other");
    assert_true(fact_is_series_rival(a, b));
    b->discharge.version = 2;
    assert_false(fact_is_series_rival(a, b));
    b->discharge.version = 1;
    b->discharge.encounter_id = TEXT("E2");
    assert_false(fact_is_series_rival(a, b));
    assert_false(fact_is_series_rival(a, fact_admission("E1", 1, day_begin(any_day))));
    assert_true(
        fact_is_series_rival(fact_admission("E1", 1, day_begin(any_day)), fact_admission("E1", 1, day_begin(any_day))));
    assert_false(fact_is_series_rival(fact_made(FACT_CASE, "a", 0), fact_made(FACT_CASE, "a", 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(topic_event_and_source_identify),
        cmocka_unit_test(rows_of_lists_share_a_topic), cmocka_unit_test(later_then_greater_event_then_greater_source),
        cmocka_unit_test(kinds_stand_in_their_order), cmocka_unit_test(the_newest_version_heads_its_series),
        cmocka_unit_test(changes_stand_by_category_source_and_day), cmocka_unit_test(the_row_that_holds_stands_first),
        cmocka_unit_test(actions_stand_as_they_are_judged), cmocka_unit_test(one_version_of_two_events_is_a_rivalry) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
