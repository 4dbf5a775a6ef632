/* What the topic says against what is stored, a person with one subject at a time: each case is a history of
 * settlements, a stored ledger, and what is said of both. */
#include "cli/verify_compare.h"
#include "cli/verify_report.h"
#include "policy/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PERSON "14042519500102001X"
#define SHOWN "140425 140425********001X "
#define SETTLEMENT Settled__V1__Settlement
#define LINE Settled__V1__Settlement__Line
enum { ORIGINAL = 1, ADJUSTMENT, VOID, TRIAL };

/* A settlement of one line, of the subsidy or another fund. */
struct emitted_one {
    const char *id;
    int kind, status, fund;
    int64_t amount, delta, line_delta;
};

struct stored_one {
    int status, fund;
    int64_t amount, hospital;
};

struct history {
    struct emitted_one emitted[4];
    struct stored_one stored; /* status 0: the ledger does not have it */
    int subject;              /* 0: an encounter */
    enum verify_value value;
};

static const uint8_t secret[16] = "a test's secret";

static void take(struct verify_book *book, const struct emitted_one *one, int subject)
{
    SETTLEMENT settlement = SETTLED__V1__SETTLEMENT__INIT;
    Settled__V1__Settlement__Totals totals = SETTLED__V1__SETTLEMENT__TOTALS__INIT;
    LINE line = SETTLED__V1__SETTLEMENT__LINE__INIT;
    LINE *lines[] = { &line };
    char rule[] = "r", region[] = "140425", person[] = PERSON, subject_id[] = "e1";
    line.rule = rule;
    line.fund = (Settled__V1__Settlement__Line__Fund)one->fund;
    line.amount_fen = one->amount;
    line.delta_fen = one->line_delta;
    settlement.settlement_id = (char *)(uintptr_t)one->id;
    settlement.region = region;
    settlement.person_id = person;
    settlement.subject = (Settled__V1__Settlement__Subject)subject;
    settlement.subject_id = subject_id;
    settlement.kind = (Settled__V1__Settlement__Kind)one->kind;
    settlement.status = (Settled__V1__Settlement__Status)one->status;
    settlement.delta_fen = one->delta;
    settlement.totals = one->kind == VOID ? NULL : &totals;
    if (one->kind == VOID) {
        settlement.withdrawn = lines;
        settlement.n_withdrawn = 1;
    } else {
        settlement.lines = lines;
        settlement.n_lines = 1;
    }
    verify_book_take(book, &settlement);
}

static struct text stored_bytes(struct arena *arena, const struct stored_one *stored, int subject)
{
    static const struct policy_rule rule = { .id = "r" };
    struct text bytes;
    const struct policy_line line = { .rule = &rule, .fund = (uint8_t)stored->fund, .amount = { stored->amount } };
    struct ledger_subject one = { .subject = (uint8_t)subject,
        .outcome = (uint8_t)stored->status,
        .year = 2023,
        .id = TEXT("e1"),
        .lines = &line,
        .line_count = 1,
        .hospital = { stored->hospital } };
    struct ledger ledger = { .subjects = &one, .subject_count = stored->status != 0, .person_name = TEXT("n") };
    assert_int_equal(ledger_encode(arena, &ledger, &bytes), STATUS_OK);
    return bytes;
}

static void check(const struct history *history, const char *expected)
{
    char *said = NULL;
    size_t length;
    struct arena *arena = arena_new((size_t)1 << 26);
    struct verify_book book;
    struct verify_differences differences = { .arena = arena };
    int subject = history->subject == 0 ? SUBJECT_ENCOUNTER : history->subject;
    verify_book_begin(&book, arena, secret);
    for (size_t i = 0; i < COUNT_OF(history->emitted) && history->emitted[i].id != NULL; i++)
        take(&book, &history->emitted[i], subject);
    struct store_key key = book.person_count > 1 ? book.persons[1].key : (struct store_key){ { 1 } };
    uint32_t person = verify_book_person(&book, &key, TEXT("140425"), TEXT(PERSON));
    struct text bytes =
        history->value == VERIFY_VALUE_THERE ? stored_bytes(arena, &history->stored, subject) : TEXT_EMPTY;
    assert_int_equal(verify_compare(&book, person, history->value, bytes, &differences), STATUS_OK);
    FILE *stream = open_memstream(&said, &length);
    for (size_t i = 0; i < differences.count; i++)
        verify_report_difference(&book.persons[person], &differences.items[i], stream);
    fclose(stream);
    assert_string_equal(said, expected);
    free(said);
    verify_book_done(&book);
    arena_free(arena);
}

#define CHECK_HISTORY(expected, ...) check(&(struct history){ __VA_ARGS__ }, expected)
/* FINAL, paid by the assistance fund. */
#define EMITTED(id, kind, amount, delta)                                                                               \
    {                                                                                                                  \
        id, kind, OUTCOME_FINAL, FUND_ASSISTANCE, amount, delta, delta                                                 \
    }
#define STORED(amount)                                                                                                 \
    {                                                                                                                  \
        OUTCOME_FINAL, FUND_ASSISTANCE, amount, 0                                                                      \
    }

static const char *sentence_of(enum verify_cause cause, const char *sums)
{
    static char line[512];
    snprintf(line, sizeof line, "%s%s: %s\n", SHOWN, sums, verify_cause_sentence(cause));
    return line;
}

static void test_what_agrees(void **state)
{
    (void)state;
    CHECK_HISTORY("", .stored = STORED(700), .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY("", .stored = STORED(500),
        .emitted = { EMITTED("a", ORIGINAL, 700, 700), EMITTED("b", ADJUSTMENT, 500, -200) });
    CHECK_HISTORY("", .emitted = { EMITTED("a", ORIGINAL, 700, 700), EMITTED("b", VOID, 0, -700) });
    CHECK_HISTORY("", .stored = STORED(0), .emitted = { EMITTED("a", ORIGINAL, 0, 0) });
    CHECK_HISTORY(
        "", .stored = STORED(700), .emitted = { EMITTED("t", TRIAL, 900, 0), EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY("");
}

static void test_money_that_is_held(void **state)
{
    (void)state;
    CHECK_HISTORY("", .subject = SUBJECT_CASE, .stored = { OUTCOME_PENDING, FUND_SUBSIDY, 700, 0 },
        .emitted = { { "a", ORIGINAL, OUTCOME_PENDING, FUND_SUBSIDY, 700, 0, 0 } });
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_TOO_MUCH_IN_TOPIC, "CASE e1: topic 0.01, ledger 0.00, difference 0.01"),
        .subject = SUBJECT_CASE, .stored = { OUTCOME_PENDING, FUND_SUBSIDY, 700, 0 },
        .emitted = { { "a", ORIGINAL, OUTCOME_PENDING, FUND_SUBSIDY, 700, 1, 1 } });
}

static void test_value_gone_or_damaged(void **state)
{
    static const char sums[] = "ENCOUNTER e1: topic 7.00, ledger 0.00, difference 7.00";
    (void)state;
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_VALUE_GONE, sums), .value = VERIFY_VALUE_GONE,
        .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_DAMAGED, sums), .value = VERIFY_VALUE_DAMAGED,
        .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY("140425 140425********001X: stored value damaged\n", .value = VERIFY_VALUE_DAMAGED);
}

static void test_topic_and_ledger(void **state)
{
    (void)state;
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_MISSING_IN_TOPIC, "ENCOUNTER e1: topic 0.00, ledger 7.00, difference -7.00"),
        .stored = STORED(700));
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_NOT_IN_LEDGER, "ENCOUNTER e1: topic 7.00, ledger 0.00, difference 7.00"),
        .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_NOT_IN_LEDGER, "ENCOUNTER e1: topic 0.00, ledger 0.00, difference 0.00"),
        .emitted = { EMITTED("a", ORIGINAL, 0, 0) });
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_LEDGER_OTHER, "ENCOUNTER e1: topic 7.00, ledger 7.01, difference -0.01"),
        .stored = STORED(701), .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY(
        sentence_of(VERIFY_CAUSE_TOO_LITTLE_IN_TOPIC, "ENCOUNTER e1: topic 2.00, ledger 9.00, difference -7.00"),
        .stored = STORED(900), .emitted = { EMITTED("b", ADJUSTMENT, 900, 200) });
    CHECK_HISTORY(
        sentence_of(VERIFY_CAUSE_TOO_MUCH_IN_TOPIC, "ENCOUNTER e1: topic 14.00, ledger 7.00, difference 7.00"),
        .stored = STORED(700), .emitted = { EMITTED("a", ORIGINAL, 700, 700), EMITTED("b", ORIGINAL, 700, 700) });
    CHECK_HISTORY(sentence_of(VERIFY_CAUSE_TOO_MUCH_IN_TOPIC, "ENCOUNTER e1: topic 0.50, ledger 0.00, difference 0.50"),
        .emitted = { EMITTED("a", ORIGINAL, 700, 700), EMITTED("b", VOID, 0, -650) });
}

static void test_the_same_sum_of_something_else(void **state)
{
    const char *said = sentence_of(VERIFY_CAUSE_LINES_OTHER, "ENCOUNTER e1: topic 7.00, ledger 7.00, difference 0.00");
    (void)state;
    CHECK_HISTORY(
        said, .stored = { OUTCOME_FINAL, FUND_POOL, 700, 0 }, .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY(
        said, .stored = { OUTCOME_LAPSED, FUND_ASSISTANCE, 700, 0 }, .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY(
        said, .stored = { OUTCOME_FINAL, FUND_ASSISTANCE, 700, 1 }, .emitted = { EMITTED("a", ORIGINAL, 700, 700) });
}

static void test_records_that_are_wrong_in_themselves(void **state)
{
    (void)state;
    CHECK_HISTORY(
        sentence_of(VERIFY_CAUSE_EMITTED_TWICE, "ENCOUNTER e1: topic 21.00, ledger 7.00, difference 14.00, 2 records"),
        .stored = STORED(700),
        .emitted = {
            EMITTED("a", ORIGINAL, 700, 700), EMITTED("a", ORIGINAL, 700, 700), EMITTED("a", ORIGINAL, 700, 700) });
    CHECK_HISTORY(
        sentence_of(VERIFY_CAUSE_UNSOUND, "ENCOUNTER e1: topic 7.00, ledger 7.00, difference 0.00, 2 records"),
        .stored = STORED(700),
        .emitted = { { "a", ORIGINAL, OUTCOME_FINAL, FUND_ASSISTANCE, 700, 699, 700 },
            { "b", ADJUSTMENT, OUTCOME_FINAL, FUND_ASSISTANCE, 700, 1, 0 } });
}

static void test_many_keys(void **state)
{
    struct key_index index = { 0 };
    (void)state;
    for (uint32_t i = 1; i <= 5000; i++) {
        const struct text texts[] = { { (const char *)&i, sizeof i }, TEXT("") };
        struct store_key key = key_of_texts(texts, 2);
        assert_int_equal(key_index_find(&index, &key), 0);
        assert_true(key_index_add(&index, &key, i));
        assert_false(key_index_add(&index, &key, i + 1));
        assert_int_equal(key_index_find(&index, &key), i);
    }
    assert_int_equal(index.count, 5000);
    key_index_done(&index);
    struct store_key one = key_of_texts((const struct text[]){ TEXT("ab"), TEXT("c") }, 2);
    struct store_key other = key_of_texts((const struct text[]){ TEXT("a"), TEXT("bc") }, 2);
    assert_memory_not_equal(&one, &other, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_agrees),
        cmocka_unit_test(test_money_that_is_held),
        cmocka_unit_test(test_value_gone_or_damaged),
        cmocka_unit_test(test_topic_and_ledger),
        cmocka_unit_test(test_the_same_sum_of_something_else),
        cmocka_unit_test(test_records_that_are_wrong_in_themselves),
        cmocka_unit_test(test_many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
