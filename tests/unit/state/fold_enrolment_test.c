#include "tests/unit/state/world_sample.h"

#define OPENS day_of(2022, 9, 1)
#define CLOSES day_of(2022, 12, 31)
#define UNPAID ((day){ 0 })

static void enrol(int64_t premium, day paid_on)
{
    struct fact *fact = world_fact(FACT_ENROLMENT);
    fact->enrolment = (struct fact_enrolment){
        .year = 2023, .premium = MONEY_FEN(premium), .paid = paid_on.n != UNPAID.n, .paid_on = paid_on
    };
    list_add(&list, fact);
}

static void enrolment_is(int outcome, int reason, int64_t amount)
{
    world_fold();
    const struct ledger_subject *subject = world_subject(SUBJECT_ENROLMENT, "2023");
    assert_int_equal(subject->outcome, outcome);
    assert_int_equal(subject->reasons, reason == 0 ? 0 : term_bit(reason));
    assert_int_equal(subject->benefit.fen, amount);
}

static void revoke(int category, day on)
{
    world_hold(category, on)->identity.action = IDENTITY_ACTION_REVOKE;
}

/* 380: in full; max(80%, 280) = 304; 90% = 342; 280. */
static void the_rate_of_each_category(void **state)
{
    static const struct {
        int category;
        int64_t amount;
    } cases[] = { { CATEGORY_EXTREME_POVERTY, 38000 }, { CATEGORY_SUBSISTENCE_ALLOWANCE, 30400 },
        { CATEGORY_RETURNED_TO_POVERTY, 34200 }, { CATEGORY_UNSTABLE_OUT_OF_POVERTY, 28000 },
        { CATEGORY_AT_RISK_OF_POVERTY, 28000 } };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        world_begin("140425");
        world_hold(cases[i].category, OPENS);
        enrol(38000, OPENS);
        enrolment_is(OUTCOME_FINAL, 0, cases[i].amount);
    }
}

static void never_more_than_the_premium(void **state)
{
    (void)state;
    world_begin("140425");
    world_hold(CATEGORY_SUBSISTENCE_ALLOWANCE, OPENS);
    world_hold(CATEGORY_AT_RISK_OF_POVERTY, OPENS);
    enrol(27999, OPENS);
    enrolment_is(OUTCOME_FINAL, 0, 27999);
}

static void held_on_some_day_of_the_window(void **state)
{
    (void)state;
    world_begin("140425");
    world_hold(CATEGORY_EXTREME_POVERTY, day_of(2020, 1, 1));
    revoke(CATEGORY_EXTREME_POVERTY, OPENS);
    enrol(38000, CLOSES);
    enrolment_is(OUTCOME_FINAL, REASON_NOT_ELIGIBLE, 0);
    world_hold(CATEGORY_EXTREME_POVERTY, CLOSES);
    enrolment_is(OUTCOME_FINAL, 0, 38000);
}

static void recognised_after_closing(void **state)
{
    day recognised = day_of(2023, 3, 1);
    (void)state;
    world_begin("140425");
    world_hold(CATEGORY_EXTREME_POVERTY, recognised);
    enrol(38000, UNPAID);
    enrolment_is(OUTCOME_PENDING, 0, 38000);
    enrol(38000, day_add(recognised, -1));
    enrolment_is(OUTCOME_FINAL, REASON_PAID_BEFORE_RECOGNITION, 0);
    enrol(38000, recognised);
    enrolment_is(OUTCOME_FINAL, 0, 38000);
}

static void the_larger_of_an_earlier_and_a_later_recognition(void **state)
{
    (void)state;
    world_begin("140425");
    world_hold(CATEGORY_AT_RISK_OF_POVERTY, OPENS);
    world_hold(CATEGORY_EXTREME_POVERTY, day_of(2023, 3, 1));
    enrol(38000, UNPAID);
    enrolment_is(OUTCOME_FINAL, 0, 28000);
    enrol(38000, day_of(2023, 2, 28));
    enrolment_is(OUTCOME_FINAL, 0, 28000);
    enrol(38000, day_of(2023, 3, 1));
    enrolment_is(OUTCOME_FINAL, 0, 38000);
}

static void a_removed_row_leaves_nothing(void **state)
{
    (void)state;
    world_begin("140425");
    enrol(38000, OPENS);
    enrolment_is(OUTCOME_FINAL, REASON_NOT_ELIGIBLE, 0);
    struct fact *fact = world_fact(FACT_ENROLMENT);
    fact->enrolment = (struct fact_enrolment){ .year = 2023, .removed = true };
    list_add(&list, fact);
    world_fold();
    assert_null(world_find(SUBJECT_ENROLMENT, "2023"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_rate_of_each_category),
        cmocka_unit_test(never_more_than_the_premium), cmocka_unit_test(held_on_some_day_of_the_window),
        cmocka_unit_test(recognised_after_closing), cmocka_unit_test(the_larger_of_an_earlier_and_a_later_recognition),
        cmocka_unit_test(a_removed_row_leaves_nothing) };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
