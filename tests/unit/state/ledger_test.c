#include "state/ledger.h"

#include "tests/unit/state/pack_sample.h"

static struct policy_line made_lines[2];
static struct ledger_subject subjects[2];
static struct ledger_watch watches[1];
static struct ledger ledger;

static void begin(void)
{
    sample_county();
    made_lines[0] = (struct policy_line){
        .rule = &rules[SAMPLE_TABLE], .fund = FUND_ASSISTANCE, .share = { 7000 }, .base = { 1000 }, .amount = { 700 }
    };
    made_lines[1] = (struct policy_line){ .rule = &rules[SAMPLE_CATALOGUE], .fund = FUND_HOSPITAL, .amount = { 5 } };
    subjects[0] = (struct ledger_subject){ .subject = SUBJECT_ENCOUNTER,
        .outcome = OUTCOME_FINAL,
        .year = 2023,
        .id = TEXT("E1"),
        .lines = made_lines,
        .line_count = 2,
        .benefit = { 700 },
        .hospital = { 5 },
        .burden = { 300 },
        .payee = { PAYEE_INSTITUTION, TEXT("H14042500001"), TEXT("平顺县人民医院") } };
    subjects[1] = (struct ledger_subject){
        .subject = SUBJECT_YEAR_END, .outcome = OUTCOME_PENDING, .year = 2023, .id = TEXT("2023")
    };
    watches[0] = (struct ledger_watch){ .year = 2023, .crossed = true, .key_person = true };
    ledger = (struct ledger){ subjects, 2, watches, 1, TEXT("李四") };
}

static struct text encoded(void)
{
    struct text bytes;
    assert_int_equal(ledger_encode(arena, &ledger, &bytes), STATUS_OK);
    return bytes;
}

static struct emitted decoded(struct text bytes)
{
    struct emitted emitted;
    assert_int_equal(ledger_decode(arena, bytes, &emitted), STATUS_OK);
    return emitted;
}

static void what_was_emitted_comes_back(void **state)
{
    (void)state;
    (void)sample_poor;
    begin();
    struct emitted emitted = decoded(encoded());
    assert_int_equal(emitted.subject_count, 2);
    assert_int_equal(emitted.subjects[0].subject, SUBJECT_ENCOUNTER);
    assert_int_equal(emitted.subjects[0].outcome, OUTCOME_FINAL);
    assert_int_equal(emitted.subjects[0].year, 2023);
    assert_true(text_equal(emitted.subjects[0].id, TEXT("E1")));
    assert_int_equal(emitted.subjects[0].hospital.fen, 5);
    assert_int_equal(emitted.subjects[1].subject, SUBJECT_YEAR_END);
    assert_int_equal(emitted.subjects[1].outcome, OUTCOME_PENDING);
    assert_int_equal(emitted.watch_count, 1);
    assert_true(emitted.watches[0].crossed && emitted.watches[0].key_person && !emitted.watches[0].may_apply);
    for (size_t i = 0; i < 2; i++)
        assert_true(text_equal(emitted.subjects[i].stored, subjects[i].stored));
}

static void nothing_was_emitted(void **state)
{
    (void)state;
    struct emitted emitted = decoded(TEXT_EMPTY);
    assert_int_equal(emitted.subject_count, 0);
    assert_int_equal(emitted.watch_count, 0);
}

#define CHANGES(change)                                                                                                \
    do {                                                                                                               \
        begin();                                                                                                       \
        struct text before = encoded();                                                                                \
        change;                                                                                                        \
        assert_false(text_equal(before, encoded()));                                                                   \
    } while (0)

/* Whatever a reader of settlements would see is in the bytes: another value is another ledger. */
static void each_part_counts(void **state)
{
    (void)state;
    CHANGES(made_lines[0].amount.fen++);
    CHANGES(made_lines[0].base.fen++);
    CHANGES(made_lines[0].deductible.fen++);
    CHANGES(made_lines[0].share.bp++);
    CHANGES(made_lines[0].capped = true);
    CHANGES(made_lines[0].limit = LIMIT_YEAR);
    CHANGES(made_lines[0].reason = REASON_ARREARS);
    CHANGES(made_lines[0].fund = FUND_POOL);
    CHANGES(made_lines[0].rule = &rules[SAMPLE_CATALOGUE]);
    CHANGES(subjects[0].outcome = OUTCOME_PENDING);
    CHANGES(subjects[0].applied = CATEGORY_RETIRED);
    CHANGES(subjects[0].half = HALF_AT_ADMISSION);
    CHANGES(subjects[0].reasons = term_bit(REASON_ARREARS));
    CHANGES(subjects[0].at_admission = 2);
    CHANGES(subjects[0].at_discharge = 2);
    CHANGES(subjects[0].account.fen = 1);
    CHANGES(subjects[0].burden.fen++);
    CHANGES(subjects[0].hospital.fen++);
    CHANGES(subjects[0].id = TEXT("E2"));
    CHANGES(subjects[0].payee.kind = PAYEE_PERSON);
    CHANGES(subjects[0].payee.institution_code = TEXT("H2"));
    CHANGES(subjects[0].payee.institution_name = TEXT("H"));
    CHANGES(subjects[0].year++);
    CHANGES(ledger.subject_count--);
    CHANGES(ledger.watch_count--);
    CHANGES(watches[0].crossed = false);
    CHANGES(watches[0].may_apply = true);
}

static void who_was_paid_comes_back(void **state)
{
    (void)state;
    begin();
    struct emitted emitted = decoded(encoded());
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ledger_lines_decode(arena, &emitted.subjects[i]), STATUS_OK);
    const struct ledger_payee *hospital = &emitted.subjects[0].payee, *person = &emitted.subjects[1].payee;
    assert_true(ledger_payee_same(hospital, &subjects[0].payee));
    assert_true(text_equal(hospital->institution_name, TEXT("平顺县人民医院")));
    assert_int_equal(person->kind, PAYEE_PERSON);
    assert_false(ledger_payee_same(hospital, person));
    const struct ledger_payee other = { PAYEE_INSTITUTION, TEXT("H14042500002"), TEXT("平顺县人民医院") };
    assert_false(ledger_payee_same(hospital, &other));
    const struct ledger_payee claimed = { PAYEE_PERSON, TEXT("H14042500002"), TEXT("平顺县人民医院") };
    assert_true(ledger_payee_same(person, &claimed));
}

/* A state of before payees were stored: nothing is told again because of it, and nobody is invented. */
static void bytes_without_a_payee_say_the_same(void **state)
{
    (void)state;
    begin();
    struct emitted emitted = decoded(encoded());
    struct emitted_subject *old = &emitted.subjects[0];
    size_t payee = 1 + 1 + strlen("H14042500001") + 1 + strlen("平顺县人民医院");
    old->stored.length -= payee;
    old->stored_lines.length -= payee;
    assert_true(ledger_subject_is(&subjects[0], old));
    assert_int_equal(ledger_lines_decode(arena, old), STATUS_OK);
    assert_int_equal(old->payee.kind, 0);
    assert_int_equal(old->line_count, 2);
    subjects[0].burden.fen++;
    (void)encoded();
    assert_false(ledger_subject_is(&subjects[0], old));
}

static void damage_is_seen(void **state)
{
    (void)state;
    begin();
    struct text bytes = encoded();
    struct emitted emitted;
    for (size_t length = 1; length < bytes.length; length++)
        assert_int_equal(ledger_decode(arena, (struct text){ bytes.at, length }, &emitted), STATUS_BAD_STATE);
    struct text longer = { arena_copy(arena, bytes.at, bytes.length), bytes.length + 1 };
    assert_int_equal(ledger_decode(arena, longer, &emitted), STATUS_BAD_STATE);
    assert_int_equal(ledger_decode(arena, TEXT("\xff\xff\xff\xff\x7f"), &emitted), STATUS_BAD_STATE);
}

static void an_applications_money_moves_once_it_is_final(void **state)
{
    (void)state;
    for (uint8_t outcome = OUTCOME_FINAL; outcome <= OUTCOME_LAPSED; outcome++) {
        assert_true(ledger_subject_pays(SUBJECT_ENCOUNTER, outcome));
        assert_true(ledger_subject_pays(SUBJECT_YEAR_END, outcome));
        assert_true(ledger_subject_pays(SUBJECT_ACCOUNT, outcome));
        assert_int_equal(ledger_subject_pays(SUBJECT_CASE, outcome), outcome == OUTCOME_FINAL);
        assert_int_equal(ledger_subject_pays(SUBJECT_ENROLMENT, outcome), outcome == OUTCOME_FINAL);
    }
}

static void a_full_arena_is_said(void **state)
{
    (void)state;
    begin();
    struct arena *small = arena_new(4096);
    while (arena_take(small, 64) != NULL)
        continue;
    struct text bytes;
    assert_int_equal(ledger_encode(small, &ledger, &bytes), STATUS_ARENA_FULL);
    struct emitted emitted;
    assert_int_equal(ledger_decode(small, encoded(), &emitted), STATUS_ARENA_FULL);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_emitted_comes_back),
        cmocka_unit_test(nothing_was_emitted), cmocka_unit_test(who_was_paid_comes_back),
        cmocka_unit_test(bytes_without_a_payee_say_the_same), cmocka_unit_test(each_part_counts),
        cmocka_unit_test(damage_is_seen), cmocka_unit_test(an_applications_money_moves_once_it_is_final),
        cmocka_unit_test(a_full_arena_is_said) };
    return cmocka_run_group_tests(tests, sample_open, sample_close);
}
