/* A region's funds from four sides, each made by hand: what agrees is quiet, and each side that differs is named. */
#include "cli/verify_fund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define REGION "140425"
#define LINE Settled__V1__Settlement__Line
#define APRIL 1681000000 /* 2023-04-09 */
#define MAY 1683000000   /* 2023-05-02 */
#define FUND REGION " fund ASSISTANCE "
#define BOOKED_LATE "the fund stage stands still or lags, or a settlement was added by hand\n"
#define STORED_OTHER "Redis lags, or the stored ledger is an older or changed value\n"
#define REQUESTED_OTHER "requests of a closed month are still being sent, or one was added by hand\n"

static struct arena *arena;
static struct verify_funds funds;
static struct fund_ledger stored;

static int begin(void **state)
{
    (void)state;
    arena = arena_new((size_t)1 << 24);
    funds = (struct verify_funds){ .arena = arena };
    stored = (struct fund_ledger){ .book_count = 0 };
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static char *text(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void settle(const char *rule, int64_t fen)
{
    uint8_t bytes[512];
    Settled__V1__Settlement settlement = SETTLED__V1__SETTLEMENT__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    LINE line = SETTLED__V1__SETTLEMENT__LINE__INIT;
    LINE *lines[] = { &line };
    at.seconds = APRIL;
    trigger.recorded_at = &at;
    line.rule = text(rule);
    line.fund = SETTLED__V1__SETTLEMENT__LINE__FUND__ASSISTANCE;
    line.amount_fen = line.delta_fen = fen;
    settlement.settlement_id = text("s");
    settlement.region = text(REGION);
    settlement.person_id = text("14042519500102001X");
    settlement.kind = SETTLED__V1__SETTLEMENT__KIND__ORIGINAL;
    settlement.status = SETTLED__V1__SETTLEMENT__STATUS__FINAL;
    settlement.payee = SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON;
    settlement.trigger = &trigger;
    settlement.delta_fen = fen;
    settlement.lines = lines;
    settlement.n_lines = 1;
    struct text value = { (const char *)bytes, settled__v1__settlement__pack(&settlement, bytes) };
    assert_int_equal(verify_fund_take_settlement(&funds, arena, value), STATUS_OK);
}

static void enter(const char *rule, int64_t fen, int64_t at_seconds)
{
    Settled__V1__FundEntry entry = SETTLED__V1__FUND_ENTRY__INIT;
    Settled__V1__FundEntry__Payment payment = SETTLED__V1__FUND_ENTRY__PAYMENT__INIT;
    Settled__V1__FundEntry__Payment__Part part = SETTLED__V1__FUND_ENTRY__PAYMENT__PART__INIT;
    Settled__V1__FundEntry__Payment__Part *parts[] = { &part };
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    at.seconds = at_seconds;
    part.rule = text(rule);
    part.fund = SETTLED__V1__SETTLEMENT__LINE__FUND__ASSISTANCE;
    part.amount_fen = fen;
    payment.parts = parts;
    payment.n_parts = 1;
    entry.region = text(REGION);
    entry.recorded_at = &at;
    entry.payment = &payment;
    assert_int_equal(verify_fund_take_entry(&funds, &entry), STATUS_OK);
}

static void close_period(const char *period)
{
    Settled__V1__FundEntry entry = SETTLED__V1__FUND_ENTRY__INIT;
    Settled__V1__FundEntry__Close close = SETTLED__V1__FUND_ENTRY__CLOSE__INIT;
    close.period = text(period);
    entry.region = text(REGION);
    entry.close = &close;
    assert_int_equal(verify_fund_take_entry(&funds, &entry), STATUS_OK);
}

static void ask_for(const char *month, int64_t fen)
{
    Settled__V1__PaymentRequest request = SETTLED__V1__PAYMENT_REQUEST__INIT;
    request.region = text(REGION);
    request.fund = SETTLED__V1__SETTLEMENT__LINE__FUND__ASSISTANCE;
    request.month = text(month);
    request.amount_fen = fen;
    assert_int_equal(verify_fund_take_request(&funds, &request), STATUS_OK);
}

static void store(const char *rule, int64_t fen, int month)
{
    struct fund_month *ignored;
    const struct fund_part part = { text_of(rule), FUND_ASSISTANCE, { fen } };
    assert_int_equal(fund_ledger_pay(arena, &stored, month, &part, &ignored), STATUS_OK);
}

static void check(const struct fund_ledger *ledger, size_t differences, const char *expected)
{
    char *said = NULL;
    size_t length;
    struct verify_fund_found found = { 0 }, counted = { 0 };
    FILE *stream = open_memstream(&said, &length);
    verify_fund_compare(funds.first, ledger, stream, &found);
    verify_fund_compare(funds.first, ledger, NULL, &counted);
    fclose(stream);
    assert_string_equal(said, expected);
    assert_int_equal(found.differences, differences);
    assert_memory_equal(&found, &counted, sizeof found);
    free(said);
}

/* One payment in April, which is closed, and one of April that came after that and is May's. */
static void fill(int64_t late_stored)
{
    settle("a", 700);
    settle("b", -30);
    enter("a", 700, APRIL);
    close_period("2023-04");
    enter("b", -30, APRIL);
    ask_for("2023-04", 700);
    store("a", 700, FUND_MONTH(2023, 4));
    (void)fund_ledger_close_months(&stored, FUND_MONTH(2023, 4));
    store("b", late_stored, FUND_MONTH(2023, 5));
}

static void test_what_agrees(void **state)
{
    (void)state;
    fill(-30);
    check(&stored, 0, "");
}

static void test_a_settlement_without_entry(void **state)
{
    (void)state;
    fill(-30);
    settle("c", 5);
    check(&stored, 1, FUND "c: settlements 0.05, entries 0.00, difference 0.05: " BOOKED_LATE);
}

static void test_an_entry_without_settlement(void **state)
{
    (void)state;
    fill(-30);
    enter("c", 5, MAY);
    check(&stored, 3,
        FUND "c: settlements 0.00, entries 0.05, difference -0.05: " BOOKED_LATE FUND
             "2023 c: entries 0.05, ledger 0.00, difference 0.05: " STORED_OTHER FUND
             "2023-05: entries -0.25, ledger -0.30, difference 0.05: " STORED_OTHER);
}

static void test_another_ledger(void **state)
{
    (void)state;
    fill(-31);
    check(&stored, 2,
        FUND "2023 b: entries -0.30, ledger -0.31, difference 0.01: " STORED_OTHER FUND
             "2023-05: entries -0.30, ledger -0.31, difference 0.01: " STORED_OTHER);
}

static void test_no_ledger(void **state)
{
    (void)state;
    settle("a", 700);
    enter("a", 700, APRIL);
    check(NULL, 2,
        FUND "2023 a: entries 7.00, ledger 0.00, difference 7.00: " STORED_OTHER FUND
             "2023-04: entries 7.00, ledger 0.00, difference 7.00: " STORED_OTHER);
}

static void test_requests(void **state)
{
    (void)state;
    fill(-30);
    ask_for("2023-04", 1);
    ask_for("2023-05", -30); /* which is open */
    check(&stored, 2,
        FUND "2023-04: payment requests 7.01, ledger 7.00, difference 0.01: " REQUESTED_OTHER FUND
             "2023-05: payment requests -0.30, ledger 0.00, difference -0.30: " REQUESTED_OTHER);
}

static void test_a_closed_year_has_requests_to_its_end(void **state)
{
    (void)state;
    settle("a", 700);
    enter("a", 700, APRIL);
    close_period("2023");
    store("a", 700, FUND_MONTH(2023, 4));
    (void)fund_ledger_close_months(&stored, FUND_MONTH(2023, 12));
    check(&stored, 1, FUND "2023-04: payment requests 0.00, ledger 7.00, difference -7.00: " REQUESTED_OTHER);
    ask_for("2023-04", 700);
    check(&stored, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_agrees, begin, end),
        cmocka_unit_test_setup_teardown(test_a_settlement_without_entry, begin, end),
        cmocka_unit_test_setup_teardown(test_an_entry_without_settlement, begin, end),
        cmocka_unit_test_setup_teardown(test_another_ledger, begin, end),
        cmocka_unit_test_setup_teardown(test_no_ledger, begin, end),
        cmocka_unit_test_setup_teardown(test_requests, begin, end),
        cmocka_unit_test_setup_teardown(test_a_closed_year_has_requests_to_its_end, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
