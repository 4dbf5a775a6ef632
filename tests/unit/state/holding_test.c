#include "state/holding.h"

#include "tests/unit/state/fact_sample.h"

#define GRANT IDENTITY_ACTION_GRANT
#define REVOKE IDENTITY_ACTION_REVOKE
#define POOR CATEGORY_EXTREME_POVERTY
#define DAY_NUMBER(number) ((day){ 19000 + (number) })

static struct fact_list list;
static struct holdings holdings;

static struct fact *say(const char *source, int category, int action, int number)
{
    static char ids[LIST_LIMIT][8];
    (void)snprintf(ids[list.count], sizeof ids[0], "e%02zu", list.count);
    struct fact *fact = fact_identity(ids[list.count], category, action, DAY_NUMBER(number));
    fact->source = text_of(source);
    fact->recorded_at.seconds += (int64_t)list.count;
    list_add(&list, fact);
    return fact;
}

static void build(void)
{
    assert_int_equal(holdings_of(arena, list.items, list.count, &holdings), STATUS_OK);
}

static bool holds(int category, int number)
{
    return term_holds(holdings_on(&holdings, DAY_NUMBER(number)), category);
}

static void begin(void)
{
    sample_unused();
    list.count = 0;
}

static void held_from_its_day_to_the_day_before_the_revocations(void **state)
{
    (void)state;
    begin();
    say("a", POOR, GRANT, 10);
    say("a", POOR, REVOKE, 20);
    build();
    assert_false(holds(POOR, 9));
    assert_true(holds(POOR, 10));
    assert_true(holds(POOR, 19));
    assert_false(holds(POOR, 20));
}

/* rules.md G6: a source can revoke only what it granted. */
static void a_source_speaks_for_its_own_grants(void **state)
{
    (void)state;
    begin();
    say("a", POOR, GRANT, 10);
    say("b", POOR, REVOKE, 12);
    say("c", POOR, GRANT, 15);
    say("a", POOR, REVOKE, 20);
    build();
    assert_true(holds(POOR, 12));
    assert_true(holds(POOR, 20));
    assert_true(holds(POOR, 5000));
}

static void the_last_word_about_a_day_holds(void **state)
{
    (void)state;
    begin();
    say("a", POOR, GRANT, 10);
    say("a", POOR, REVOKE, 10);
    build();
    assert_false(holds(POOR, 10));
    say("a", POOR, GRANT, 10);
    build();
    assert_true(holds(POOR, 10));
    say("a", CATEGORY_RETIRED, REVOKE, 3);
    say("a", CATEGORY_RETIRED, GRANT, 3)->recorded_at.seconds -= 100;
    /* The list was in order before that fact was made older: put it in again. */
    struct fact_list again = { .count = 0 };
    for (size_t i = 0; i < list.count; i++)
        list_add(&again, list.items[i]);
    list = again;
    build();
    assert_false(holds(CATEGORY_RETIRED, 3));
}

static void an_answer_without_action_changes_nothing(void **state)
{
    (void)state;
    begin();
    say("a", POOR, GRANT, 10);
    say("a", POOR, IDENTITY_ACTION_NO_ACTION, 12);
    say("a", 0, IDENTITY_ACTION_NO_ACTION, 12);
    build();
    assert_true(holds(POOR, 12));
    assert_int_equal(holdings.count, 1);
}

static void each_relative_is_a_holding(void **state)
{
    (void)state;
    begin();
    say("a", CATEGORY_RELATIVE, GRANT, 10)->identity.relative_id = TEXT("r1");
    say("a", CATEGORY_RELATIVE, GRANT, 11)->identity.relative_id = TEXT("r2");
    say("a", CATEGORY_RELATIVE, REVOKE, 12)->identity.relative_id = TEXT("r2");
    struct fact_list again = { .count = 0 };
    for (size_t i = 0; i < list.count; i++)
        list_add(&again, list.items[i]);
    list = again;
    build();
    assert_int_equal(holdings.count, 2);
    assert_true(holds(CATEGORY_RELATIVE, 12));
}

static void the_latest_grant_that_holds_is_the_one(void **state)
{
    (void)state;
    begin();
    say("a", POOR, GRANT, 10)->identity.funding = FUNDING_MONTHLY;
    say("b", POOR, GRANT, 12)->identity.funding = FUNDING_YEARLY;
    say("b", POOR, REVOKE, 14);
    build();
    assert_int_equal(holdings_latest(&holdings, POOR, DAY_NUMBER(11))->funding, FUNDING_MONTHLY);
    assert_int_equal(holdings_latest(&holdings, POOR, DAY_NUMBER(12))->funding, FUNDING_YEARLY);
    assert_int_equal(holdings_latest(&holdings, POOR, DAY_NUMBER(14))->funding, FUNDING_MONTHLY);
    assert_null(holdings_latest(&holdings, POOR, DAY_NUMBER(9)));
    assert_null(holdings_latest(&holdings, CATEGORY_RETIRED, DAY_NUMBER(12)));
}

static void a_stretch_may_be_made_of_several(void **state)
{
    (void)state;
    begin();
    say("a", CATEGORY_EMPLOYEE_INSURED, GRANT, 10);
    say("a", CATEGORY_EMPLOYEE_INSURED, REVOKE, 20);
    say("b", CATEGORY_RESIDENT_INSURED, GRANT, 20);
    say("b", CATEGORY_RESIDENT_INSURED, REVOKE, 30);
    say("c", CATEGORY_EMPLOYEE_INSURED, GRANT, 31);
    build();
    term_set insured = term_bit(CATEGORY_EMPLOYEE_INSURED) | term_bit(CATEGORY_RESIDENT_INSURED);
    assert_true(holdings_unbroken(&holdings, insured, DAY_NUMBER(10), DAY_NUMBER(29)));
    assert_false(holdings_unbroken(&holdings, insured, DAY_NUMBER(9), DAY_NUMBER(29)));
    assert_false(holdings_unbroken(&holdings, insured, DAY_NUMBER(10), DAY_NUMBER(30)));
    assert_false(holdings_unbroken(&holdings, insured, DAY_NUMBER(10), DAY_NUMBER(40)));
    assert_true(holdings_unbroken(&holdings, insured, DAY_NUMBER(31), DAY_NUMBER(9000)));
    assert_false(holdings_unbroken(&holdings, term_bit(CATEGORY_EMPLOYEE_INSURED), DAY_NUMBER(10), DAY_NUMBER(20)));
    assert_true(holdings_unbroken(&holdings, insured, DAY_NUMBER(10), DAY_NUMBER(10)));
}

static void a_stretch_began_where_no_day_is_missing(void **state)
{
    (void)state;
    begin();
    say("a", POOR, GRANT, 10);
    say("a", POOR, REVOKE, 20);
    say("b", POOR, GRANT, 20);
    say("b", POOR, REVOKE, 30);
    say("a", POOR, GRANT, 31);
    build();
    assert_int_equal(holdings_began(&holdings, POOR, DAY_NUMBER(29)).n, DAY_NUMBER(10).n);
    assert_int_equal(holdings_began(&holdings, POOR, DAY_NUMBER(10)).n, DAY_NUMBER(10).n);
    assert_int_equal(holdings_began(&holdings, POOR, DAY_NUMBER(40)).n, DAY_NUMBER(31).n);
}

static void nobody_holds_anything(void **state)
{
    (void)state;
    begin();
    build();
    assert_int_equal(holdings.count, 0);
    assert_int_equal(holdings_on(&holdings, DAY_NUMBER(0)), 0);
    assert_false(holdings_unbroken(&holdings, ~(term_set)0, DAY_NUMBER(0), DAY_NUMBER(0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(held_from_its_day_to_the_day_before_the_revocations),
        cmocka_unit_test(a_source_speaks_for_its_own_grants), cmocka_unit_test(the_last_word_about_a_day_holds),
        cmocka_unit_test(an_answer_without_action_changes_nothing), cmocka_unit_test(each_relative_is_a_holding),
        cmocka_unit_test(the_latest_grant_that_holds_is_the_one), cmocka_unit_test(a_stretch_may_be_made_of_several),
        cmocka_unit_test(a_stretch_began_where_no_day_is_missing), cmocka_unit_test(nobody_holds_anything) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
