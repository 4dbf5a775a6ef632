#include "state/fold.h"

#include "tests/unit/state/pack_sample.h"

#define MARCH ((day){ 19421 }) /* 2023-03-05 */

static struct fact_list list;
static struct ledger ledger;

static enum status fold_closed(year_set closed_years)
{
    struct fold_input input = {
        .pack = &pack, .person_id = TEXT("P"), .facts = list.items, .count = list.count, .closed_years = closed_years
    };
    return state_fold(&input, arena, &ledger);
}

static void fold(void)
{
    assert_int_equal(fold_closed(0), STATUS_OK);
}

static void begin(void)
{
    sample_county();
    list.count = 0;
    list_add(&list, sample_poor());
}

static struct fact *add_stay(const char *id, day discharged, int64_t in_policy)
{
    struct fact *stayed = fact_stay(id, 1, discharged, in_policy);
    list_add(&list, stayed);
    return stayed;
}

static void nobody_has_an_empty_ledger(void **state)
{
    (void)state;
    begin();
    list.count = 0;
    fold();
    assert_int_equal(ledger.subject_count, 0);
    assert_int_equal(ledger.watch_count, 0);
    assert_true(text_is_empty(ledger.person_name));
}

static void an_encounter_is_a_subject_with_its_sums(void **state)
{
    (void)state;
    begin();
    struct fact *stayed = add_stay("E1", MARCH, 70000);
    struct policy_visit *bill = &stayed->discharge.visit;
    bill->charge_class = CHARGE_CLASS_3;
    bill->out_of_catalogue = MONEY_FEN(30000);
    bill->total = MONEY_FEN(100000);
    bill->paid[PAYER_BASIC] = MONEY_FEN(50000);
    fold();
    assert_int_equal(ledger.subject_count, 1);
    const struct ledger_subject *subject = &ledger.subjects[0];
    assert_int_equal(subject->subject, SUBJECT_ENCOUNTER);
    assert_int_equal(subject->outcome, OUTCOME_FINAL);
    assert_int_equal(subject->year, 2023);
    assert_true(text_equal(subject->id, TEXT("E1")));
    assert_int_equal(subject->benefit.fen, 14000);
    assert_int_equal(subject->hospital.fen, 15000);
    assert_int_equal(subject->burden.fen, 21000);
    assert_int_equal(subject->applied, CATEGORY_EXTREME_POVERTY);
    assert_ptr_equal(subject->cause, stayed);
}

static void years_stand_apart_and_in_order(void **state)
{
    (void)state;
    static const int years[] = { 2022, 2022, 2023 };
    begin();
    add_stay("A", MARCH, 100);
    add_stay("B", day_of(2022, 12, 31), 100);
    add_stay("C", day_of(2022, 1, 1), 100);
    fold();
    assert_int_equal(ledger.subject_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ledger.subjects[i].year, years[i]);
    assert_true(text_equal(ledger.subjects[0].id, TEXT("C")));
}

static void a_stay_without_admission_waits(void **state)
{
    (void)state;
    begin();
    add_stay("E1", MARCH, 100000)->discharge.has_admitted_at = false;
    fold();
    assert_int_equal(ledger.subjects[0].outcome, OUTCOME_PENDING);
    assert_int_equal(ledger.subjects[0].reasons, term_bit(REASON_ADMISSION_MISSING));
    assert_int_equal(ledger.subjects[0].at_admission, 0);
    assert_int_equal(ledger.subjects[0].at_discharge, term_bit(CATEGORY_EXTREME_POVERTY));
    assert_int_equal(ledger.subjects[0].burden.fen, 100000);
}

static void a_year_ends_when_it_is_closed(void **state)
{
    (void)state;
    begin();
    struct fact *seen = add_stay("E1", MARCH, 1000);
    seen->discharge.visit.care = CARE_CHRONIC;
    seen->discharge.visit.chronic_class = 2;
    fold();
    assert_int_equal(ledger.subject_count, 1);
    assert_int_equal(fold_closed((year_set)1 << 22), STATUS_OK);
    assert_int_equal(ledger.subject_count, 1);
    assert_int_equal(fold_closed((year_set)1 << 23), STATUS_OK);
    assert_int_equal(ledger.subject_count, 2);
    assert_int_equal(ledger.subjects[1].subject, SUBJECT_YEAR_END);
    assert_true(text_equal(ledger.subjects[1].id, TEXT("2023")));
    assert_int_equal(ledger.subjects[1].benefit.fen, 700);
    assert_null(ledger.subjects[1].cause);
}

static void watched(int64_t burden, bool expected)
{
    begin();
    add_stay("E1", MARCH, 0)->discharge.visit.total = MONEY_FEN(burden);
    fold();
    assert_int_equal(ledger.watch_count, 1);
    assert_int_equal(ledger.watches[0].burden.fen, burden);
    assert_int_equal(ledger.watches[0].crossed, expected);
}

static void a_burden_above_the_threshold_is_watched(void **state)
{
    (void)state;
    watched(600000, false);
    watched(599999, false);
    watched(600001, true);
    assert_true(ledger.watches[0].key_person);
    assert_int_equal(ledger.watches[0].threshold.fen, 600000);
    assert_int_equal(ledger.watches[0].year, 2023);
}

static void who_is_watched_is_decided_at_the_last_discharge(void **state)
{
    (void)state;
    begin();
    list_add(&list, fact_identity("out", CATEGORY_EXTREME_POVERTY, IDENTITY_ACTION_REVOKE, day_add(MARCH, 1)));
    list_add(&list, fact_identity("in", CATEGORY_RESIDENT_INSURED, IDENTITY_ACTION_GRANT, day_add(MARCH, 1)));
    add_stay("E1", MARCH, 0)->discharge.visit.total = MONEY_FEN(1000000);
    fold();
    assert_true(ledger.watches[0].crossed);
    add_stay("E2", day_add(MARCH, 1), 0)->discharge.visit.total = MONEY_FEN(1000000);
    fold();
    assert_false(ledger.watches[0].crossed);
    add_stay("E3", day_add(MARCH, 2), 0)->discharge.visit.total = MONEY_FEN(1);
    fold();
    assert_true(ledger.watches[0].crossed);
    assert_false(ledger.watches[0].key_person);
}

static void the_latest_spelling_is_the_name(void **state)
{
    (void)state;
    begin();
    struct fact *later = add_stay("E1", MARCH, 100);
    later->name = TEXT("李思");
    fold();
    assert_true(text_equal(ledger.person_name, TEXT("李思")));
    later->name = TEXT_EMPTY;
    fold();
    assert_true(text_equal(ledger.person_name, TEXT("李四")));
}

static void wrong_money_does_not_leave(void **state)
{
    (void)state;
    begin();
    add_stay("E1", MARCH, 100)->discharge.visit.total = MONEY_FEN(60);
    assert_int_equal(fold_closed(0), STATUS_INVARIANT_BROKEN);
}

static void a_full_arena_is_said_wherever_it_is_full(void **state)
{
    (void)state;
    begin();
    struct arena *whole = arena;
    for (int i = 0; i < 5; i++)
        add_stay((const char *[]){ "A", "B", "C", "D", "E" }[i], day_add(MARCH, i), 100000);
    arena = arena_new((size_t)64 << 10);
    enum status status = STATUS_ARENA_FULL;
    /* Less room each time, down to none. */
    for (size_t taken = 0; taken < ((size_t)64 << 10); taken += 512) {
        arena_reset(arena);
        if (arena_take(arena, taken) == NULL)
            break;
        status = fold_closed(0);
        assert_true(status == STATUS_OK || status == STATUS_ARENA_FULL);
    }
    assert_int_equal(status, STATUS_ARENA_FULL);
    arena_free(arena);
    arena = whole;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nobody_has_an_empty_ledger),
        cmocka_unit_test(an_encounter_is_a_subject_with_its_sums), cmocka_unit_test(years_stand_apart_and_in_order),
        cmocka_unit_test(a_stay_without_admission_waits), cmocka_unit_test(a_year_ends_when_it_is_closed),
        cmocka_unit_test(a_burden_above_the_threshold_is_watched),
        cmocka_unit_test(who_is_watched_is_decided_at_the_last_discharge),
        cmocka_unit_test(the_latest_spelling_is_the_name), cmocka_unit_test(wrong_money_does_not_leave),
        cmocka_unit_test(a_full_arena_is_said_wherever_it_is_full) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
