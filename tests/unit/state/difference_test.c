#include "state/difference.h"

#include "tests/unit/state/pack_sample.h"

static struct policy_line made_lines[2];
static struct ledger_subject subjects[2];
static struct ledger_watch watches[1];
static struct ledger ledger;
static struct text before; /* the ledger's bytes as last told */
static struct difference difference;

/* One encounter with 700 of a table and 5 of the hospital, nothing told yet. */
static void begin(void)
{
    sample_county();
    made_lines[0] = (struct policy_line){ .rule = &rules[SAMPLE_TABLE], .fund = FUND_ASSISTANCE, .amount = { 700 } };
    made_lines[1] = (struct policy_line){ .rule = &rules[SAMPLE_CATALOGUE], .fund = FUND_HOSPITAL, .amount = { 5 } };
    subjects[0] = (struct ledger_subject){ .subject = SUBJECT_ENCOUNTER,
        .outcome = OUTCOME_FINAL,
        .year = 2023,
        .id = TEXT("E1"),
        .lines = made_lines,
        .line_count = 2,
        .benefit = { 700 },
        .hospital = { 5 } };
    subjects[1] = (struct ledger_subject){
        .subject = SUBJECT_ENCOUNTER, .outcome = OUTCOME_FINAL, .year = 2023, .id = TEXT("E2")
    };
    watches[0] = (struct ledger_watch){ .year = 2023 };
    ledger = (struct ledger){ subjects, 1, watches, 0, TEXT_EMPTY };
    before = TEXT_EMPTY;
    (void)sample_poor;
}

/* Tells what is new, and remembers it as told. */
static void tell(void)
{
    struct emitted emitted;
    struct text bytes;
    assert_int_equal(ledger_encode(arena, &ledger, &bytes), STATUS_OK);
    assert_int_equal(ledger_decode(arena, before, &emitted), STATUS_OK);
    assert_int_equal(difference_of(arena, &ledger, &emitted, &difference), STATUS_OK);
    before = bytes;
}

static const struct settlement_change *only(int kind, int64_t delta)
{
    assert_int_equal(difference.settlement_count, 1);
    assert_int_equal(difference.settlements[0].kind, kind);
    assert_int_equal(difference.settlements[0].delta.fen, delta);
    return &difference.settlements[0];
}

static void a_new_subject_is_original(void **state)
{
    (void)state;
    begin();
    tell();
    const struct settlement_change *change = only(DIFFERENCE_ORIGINAL, 705);
    assert_null(change->before);
    assert_int_equal(change->deltas[0].fen, 700);
    assert_int_equal(change->deltas[1].fen, 5);
    assert_int_equal(change->withdrawn_count, 0);
    tell();
    assert_int_equal(difference.settlement_count, 0);
    assert_int_equal(difference.watch_count, 0);
}

static void a_changed_one_is_an_adjustment_by_the_difference(void **state)
{
    (void)state;
    begin();
    tell();
    made_lines[0].amount.fen = 650;
    tell();
    const struct settlement_change *change = only(DIFFERENCE_ADJUSTMENT, -50);
    assert_int_equal(change->deltas[0].fen, -50);
    assert_int_equal(change->deltas[1].fen, 0);
    subjects[0].half = HALF_AT_ADMISSION;
    tell();
    (void)only(DIFFERENCE_ADJUSTMENT, 0);
}

/* The same money to another hospital is news: what was paid moves on. */
static void another_payee_is_an_adjustment(void **state)
{
    (void)state;
    begin();
    subjects[0].payee = (struct ledger_payee){ PAYEE_INSTITUTION, TEXT("H1"), TEXT("甲医院") };
    tell();
    subjects[0].payee.institution_code = TEXT("H2");
    tell();
    const struct settlement_change *change = only(DIFFERENCE_ADJUSTMENT, 0);
    assert_true(text_equal(change->before->payee.institution_code, TEXT("H1")));
}

static void a_line_that_is_gone_is_withdrawn(void **state)
{
    (void)state;
    begin();
    tell();
    made_lines[0] = made_lines[1];
    subjects[0].line_count = 1;
    tell();
    const struct settlement_change *change = only(DIFFERENCE_ADJUSTMENT, -700);
    assert_int_equal(change->deltas[0].fen, 0);
    assert_int_equal(change->withdrawn_count, 1);
    assert_true(text_equal(change->withdrawn[0]->rule, TEXT("made.table")));
    assert_int_equal(difference_paid_before(change->before, change->withdrawn[0]).fen, 700);
}

/* The same rule on another fund is another line. */
static void a_line_is_its_rule_and_fund(void **state)
{
    (void)state;
    begin();
    tell();
    made_lines[0].fund = FUND_POOL;
    tell();
    const struct settlement_change *change = only(DIFFERENCE_ADJUSTMENT, 0);
    assert_int_equal(change->deltas[0].fen, 700);
    assert_int_equal(change->withdrawn_count, 1);
}

static void a_subject_that_is_gone_is_void(void **state)
{
    (void)state;
    begin();
    tell();
    ledger.subject_count = 0;
    tell();
    const struct settlement_change *change = only(DIFFERENCE_VOID, -705);
    assert_null(change->after);
    assert_int_equal(change->withdrawn_count, 2);
    tell();
    assert_int_equal(difference.settlement_count, 0);
    ledger.subject_count = 1;
    tell();
    (void)only(DIFFERENCE_ORIGINAL, 705);
}

static void subjects_are_found_by_kind_and_id(void **state)
{
    (void)state;
    begin();
    ledger.subject_count = 2;
    tell();
    assert_int_equal(difference.settlement_count, 2);
    struct ledger_subject first = subjects[0];
    subjects[0] = subjects[1];
    subjects[1] = first;
    tell();
    assert_int_equal(difference.settlement_count, 0);
    subjects[0].subject = SUBJECT_ACCOUNT;
    tell();
    assert_int_equal(difference.settlement_count, 2);
    assert_int_equal(difference.settlements[0].kind, DIFFERENCE_ORIGINAL);
    assert_int_equal(difference.settlements[1].kind, DIFFERENCE_VOID);
}

/* rules.md J: the amount of a pending case is shown; it changes hands once the case is FINAL. */
static void a_pending_case_moves_no_money(void **state)
{
    (void)state;
    begin();
    subjects[0].subject = SUBJECT_CASE;
    subjects[0].outcome = OUTCOME_PENDING;
    tell();
    (void)only(DIFFERENCE_ORIGINAL, 0);
    subjects[0].outcome = OUTCOME_FINAL;
    tell();
    (void)only(DIFFERENCE_ADJUSTMENT, 705);
    subjects[0].outcome = OUTCOME_HELD;
    made_lines[0].amount.fen = 9999;
    tell();
    (void)only(DIFFERENCE_ADJUSTMENT, -705);
}

static void watch_is(size_t count, int kind)
{
    tell();
    size_t found = 0;
    for (size_t i = 0; i < difference.watch_count; i++)
        found += difference.watches[i].kind == kind;
    assert_int_equal(difference.watch_count, count);
    assert_int_equal(found, count);
}

static void a_watch_crosses_and_is_withdrawn(void **state)
{
    (void)state;
    begin();
    made_lines[1].amount.fen = subjects[0].hospital.fen = 0;
    watch_is(0, 0);
    ledger.watch_count = 1;
    watch_is(0, 0);
    watches[0].crossed = watches[0].key_person = true;
    watch_is(1, WATCH_CROSSED);
    assert_true(difference.watches[0].key_person);
    watch_is(0, 0);
    watches[0].crossed = false;
    watch_is(1, WATCH_WITHDRAWN);
    watches[0].crossed = true;
    watch_is(1, WATCH_CROSSED);
    ledger.watch_count = 0;
    watch_is(1, WATCH_WITHDRAWN);
    assert_true(difference.watches[0].key_person);
    ledger.watch_count = 1;
    watches[0] = (struct ledger_watch){ .year = 2023, .may_apply = true };
    watch_is(1, WATCH_MAY_APPLY);
    watch_is(0, 0);
}

static void a_hospitals_part_is_told_when_it_appears(void **state)
{
    (void)state;
    begin();
    watch_is(1, WATCH_HOSPITAL_OVER_RATIO);
    assert_ptr_equal(difference.watches[0].subject, &subjects[0]);
    subjects[0].hospital.fen = made_lines[1].amount.fen = 6;
    watch_is(0, 0);
    subjects[0].hospital.fen = made_lines[1].amount.fen = 0;
    watch_is(0, 0);
    subjects[0].hospital.fen = made_lines[1].amount.fen = 6;
    watch_is(1, WATCH_HOSPITAL_OVER_RATIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_new_subject_is_original),
        cmocka_unit_test(another_payee_is_an_adjustment),
        cmocka_unit_test(a_changed_one_is_an_adjustment_by_the_difference),
        cmocka_unit_test(a_line_that_is_gone_is_withdrawn), cmocka_unit_test(a_line_is_its_rule_and_fund),
        cmocka_unit_test(a_subject_that_is_gone_is_void), cmocka_unit_test(subjects_are_found_by_kind_and_id),
        cmocka_unit_test(a_pending_case_moves_no_money), cmocka_unit_test(a_watch_crosses_and_is_withdrawn),
        cmocka_unit_test(a_hospitals_part_is_told_when_it_appears) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
