#include "state/encounter.h"

#include "tests/unit/state/fact_sample.h"

static const day any_day = { 19500 };
static struct fact_list list;
static struct encounters encounters;

static void build(void)
{
    assert_int_equal(encounters_of(arena, list.items, list.count, &encounters), STATUS_OK);
}

static instant hours_after(int hours)
{
    instant at = day_begin(any_day);
    at.seconds += hours * 3600;
    return at;
}

static void begin(void)
{
    sample_unused();
    list.count = 0;
}

static void the_highest_version_wins(void **state)
{
    (void)state;
    begin();
    list_add(&list, fact_discharge("E1", 1, hours_after(1)));
    list_add(&list, fact_discharge("E1", 3, hours_after(3)));
    list_add(&list, fact_discharge("E1", 2, hours_after(2)));
    build();
    assert_int_equal(encounters.count, 1);
    assert_int_equal(encounters.items[0].discharge->discharge.version, 3);
}

static void a_void_takes_the_encounter_out(void **state)
{
    (void)state;
    begin();
    struct fact *voids = fact_discharge("E1", 2, hours_after(0));
    voids->discharge.voided = true;
    list_add(&list, voids);
    list_add(&list, fact_discharge("E1", 1, hours_after(1)));
    list_add(&list, fact_discharge("E2", 1, hours_after(1)));
    build();
    assert_int_equal(encounters.count, 1);
    assert_true(text_equal(encounters.items[0].discharge->discharge.encounter_id, TEXT("E2")));
    list_add(&list, fact_discharge("E1", 3, hours_after(1)));
    build();
    assert_int_equal(encounters.count, 2);
}

/* rules.md G2: by instant, then by id bytewise. */
static void they_stand_in_the_order_of_money(void **state)
{
    (void)state;
    static const char *const expected[] = { "Z", "E10", "E2", "e1", "A" };
    begin();
    list_add(&list, fact_discharge("A", 1, hours_after(2)));
    list_add(&list, fact_discharge("e1", 1, hours_after(1)));
    list_add(&list, fact_discharge("E2", 1, hours_after(1)));
    list_add(&list, fact_discharge("E10", 1, hours_after(1)));
    list_add(&list, fact_discharge("Z", 1, hours_after(0)));
    build();
    assert_int_equal(encounters.count, COUNT_OF(expected));
    for (size_t i = 0; i < encounters.count; i++)
        assert_true(text_equal(encounters.items[i].discharge->discharge.encounter_id, text_of(expected[i])));
}

static const struct encounter *only(void)
{
    build();
    assert_int_equal(encounters.count, 1);
    return &encounters.items[0];
}

static void an_admission_joins_its_discharge(void **state)
{
    (void)state;
    begin();
    list_add(&list, fact_discharge("E1", 1, hours_after(30)));
    assert_true(only()->admission_missing);
    list_add(&list, fact_admission("E0", 1, hours_after(0)));
    list_add(&list, fact_admission("E2", 1, hours_after(0)));
    assert_true(only()->admission_missing);
    list_add(&list, fact_admission("E1", 1, hours_after(0)));
    assert_false(only()->admission_missing);
    assert_int_equal(only()->admitted.n, any_day.n);
    assert_int_equal(only()->discharged.n, any_day.n + 1);
}

static void an_admission_after_the_discharge_does_not_count(void **state)
{
    (void)state;
    begin();
    list_add(&list, fact_discharge("E1", 1, hours_after(5)));
    list_add(&list, fact_admission("E1", 1, hours_after(5)));
    assert_false(only()->admission_missing);
    list_add(&list, fact_admission("E1", 2, hours_after(6)));
    assert_true(only()->admission_missing);
}

static void a_voided_admission_does_not_let_an_older_one_revive(void **state)
{
    (void)state;
    begin();
    struct fact *voids = fact_admission("E1", 2, hours_after(0));
    voids->admission.voided = true;
    list_add(&list, fact_admission("E1", 1, hours_after(0)));
    list_add(&list, voids);
    list_add(&list, fact_discharge("E1", 1, hours_after(5)));
    assert_true(only()->admission_missing);
    list_add(&list, fact_admission("E1", 3, hours_after(1)));
    assert_false(only()->admission_missing);
}

static void the_discharges_own_word_wins(void **state)
{
    (void)state;
    begin();
    struct fact *discharge = fact_discharge("E1", 1, hours_after(50));
    discharge->discharge.has_admitted_at = true;
    discharge->discharge.admitted_at = hours_after(1);
    list_add(&list, discharge);
    list_add(&list, fact_admission("E1", 1, hours_after(30)));
    assert_int_equal(only()->admitted.n, any_day.n);
}

static void what_is_no_stay_begins_and_ends_on_one_day(void **state)
{
    (void)state;
    begin();
    struct fact *visit = fact_discharge("E1", 1, hours_after(50));
    visit->discharge.visit.care = CARE_CHRONIC;
    visit->discharge.has_admitted_at = true;
    visit->discharge.admitted_at = hours_after(1);
    list_add(&list, visit);
    assert_int_equal(only()->admitted.n, any_day.n + 2);
    assert_false(only()->admission_missing);
}

/* An instant belongs to its day in Shanghai: 16:00 UTC is the next one's midnight. */
static void days_are_shanghais(void **state)
{
    (void)state;
    begin();
    instant midnight = day_begin(any_day);
    assert_int_equal((midnight.seconds % 86400 + 86400) % 86400, 16 * 3600);
    midnight.seconds--;
    midnight.nanos = 999999999;
    list_add(&list, fact_discharge("E1", 1, midnight));
    assert_int_equal(only()->discharged.n, any_day.n - 1);
}

static void a_stay_sees_what_is_held_on_both_days(void **state)
{
    (void)state;
    begin();
    struct fact_list identities = { .count = 0 };
    struct holdings holdings;
    list_add(&identities, fact_identity("a", CATEGORY_RETIRED, IDENTITY_ACTION_GRANT, day_add(any_day, 1)));
    assert_int_equal(holdings_of(arena, identities.items, identities.count, &holdings), STATUS_OK);
    list_add(&list, fact_admission("E1", 1, hours_after(0)));
    list_add(&list, fact_discharge("E1", 1, hours_after(24)));
    struct policy_stay stay = encounter_stay(only(), &holdings);
    assert_int_equal(stay.at_admission, 0);
    assert_int_equal(stay.at_discharge, term_bit(CATEGORY_RETIRED));
    assert_ptr_equal(stay.visit, &only()->discharge->discharge.visit);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_highest_version_wins),
        cmocka_unit_test(a_void_takes_the_encounter_out), cmocka_unit_test(they_stand_in_the_order_of_money),
        cmocka_unit_test(an_admission_joins_its_discharge),
        cmocka_unit_test(an_admission_after_the_discharge_does_not_count),
        cmocka_unit_test(a_voided_admission_does_not_let_an_older_one_revive),
        cmocka_unit_test(the_discharges_own_word_wins), cmocka_unit_test(what_is_no_stay_begins_and_ends_on_one_day),
        cmocka_unit_test(days_are_shanghais), cmocka_unit_test(a_stay_sees_what_is_held_on_both_days) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
