#include "state/fund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena *arena;
static struct fund_ledger ledger;

/* A twentieth of the income is put aside, up to a fifth of it; of payrolls a hundredth is levied. */
static const struct policy_version reserve_version = { .period = { DAY_FIRST, DAY_LAST },
    .reserve = { .yearly = { 500 }, .most = { 2000 } } };
static const struct policy_version levy_version = { .period = { DAY_FIRST, DAY_LAST }, .levy = { .levy = { 100 } } };
static const struct policy_rule rules[] = {
    { .id = "made.reserve", .fund = FUND_SUPPLEMENT, .versions = &reserve_version, .count = 1 },
    { .id = "made.levy", .fund = FUND_CIVIL_SERVANT, .versions = &levy_version, .count = 1 },
};
static const struct policy_pack pack = { .region = "100000", .reserve = &rules[0], .levy = &rules[1] };

static int begin(void **state)
{
    (void)state;
    arena = arena_new((size_t)16 << 20);
    ledger = (struct fund_ledger){ .region = TEXT("100000") };
    return arena == NULL;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void pay(uint8_t fund, int month, const char *rule, int64_t fen)
{
    const struct fund_part part = { .rule = text_of(rule), .fund = fund, .amount = MONEY_FEN(fen) };
    struct fund_month *booked;
    assert_int_equal(fund_ledger_pay(arena, &ledger, month, &part, &booked), STATUS_OK);
    assert_int_equal(booked->month, month);
}

static void receive(uint8_t fund, uint8_t source, day on, int64_t fen)
{
    const struct fund_row row = {
        .fund = fund, .source = source, .on = on, .amount = MONEY_FEN(fen < 0 ? -fen : fen), .removed = fen < 0
    };
    assert_int_equal(fund_ledger_receive(arena, &ledger, &pack, &row), STATUS_OK);
}

static const struct fund_year *year_of(uint8_t fund, int year)
{
    const struct fund_book *book = fund_ledger_find(&ledger, fund);
    assert_non_null(book);
    for (size_t i = 0; i < book->year_count; i++)
        if (book->years[i].year == year)
            return &book->years[i];
    fail_msg("no year %d", year);
    return NULL;
}

static instant at_noon(int year, int month, int day_of_month)
{
    instant noon = day_begin(day_of(year, month, day_of_month));
    noon.seconds += 12 * 3600;
    return noon;
}

/* rules.md F: the Shanghai month of the trigger, or the first month not yet closed when that is later. */
static void a_late_payment_goes_to_the_first_open_month(void **state)
{
    (void)state;
    instant last_second = day_begin(day_of(2023, 4, 1));
    last_second.seconds--;
    assert_int_equal(fund_ledger_month_of(&ledger, last_second), FUND_MONTH(2023, 3));
    assert_int_equal(fund_ledger_month_of(&ledger, day_begin(day_of(2023, 4, 1))), FUND_MONTH(2023, 4));
    (void)fund_ledger_close_months(&ledger, FUND_MONTH(2023, 4));
    assert_int_equal(fund_ledger_month_of(&ledger, last_second), FUND_MONTH(2023, 5));
    assert_int_equal(fund_ledger_month_of(&ledger, at_noon(2023, 4, 30)), FUND_MONTH(2023, 5));
    assert_int_equal(fund_ledger_month_of(&ledger, at_noon(2023, 5, 1)), FUND_MONTH(2023, 5));
    assert_int_equal(fund_ledger_month_of(&ledger, at_noon(2023, 6, 1)), FUND_MONTH(2023, 6));
}

static void closed(int month, int from, int to)
{
    struct fund_span span = fund_ledger_close_months(&ledger, month);
    assert_int_equal(span.from, from);
    assert_int_equal(span.to, to);
}

static void a_close_takes_the_open_months_before_it_along(void **state)
{
    (void)state;
    const int may = FUND_MONTH(2023, 5);
    pay(FUND_ASSISTANCE, may - 2, "a", 1);
    pay(FUND_POOL, may - 3, "b", 1);
    closed(may, may - 3, may);
    struct fund_span again = fund_ledger_close_months(&ledger, may);
    assert_true(again.from > again.to);
    again = fund_ledger_close_months(&ledger, may - 2);
    assert_true(again.from > again.to);
    assert_int_equal(ledger.open_month, may + 1);
    closed(may + 2, may + 1, may + 2);
}

static void outgo_is_kept_by_rule_and_month(void **state)
{
    (void)state;
    const int december = FUND_MONTH(2023, 12);
    pay(FUND_ASSISTANCE, december, "b", 100);
    pay(FUND_ASSISTANCE, december, "a", 7);
    pay(FUND_ASSISTANCE, december + 1, "a", 5);
    pay(FUND_ASSISTANCE, december, "b", -30);
    pay(FUND_POOL, december, "a", 1);
    const struct fund_year *year = year_of(FUND_ASSISTANCE, 2023);
    assert_int_equal(year->outgo_count, 2);
    assert_true(text_equal(year->outgo[0].rule, TEXT("a")));
    assert_int_equal(year->outgo[1].amount.fen, 70);
    assert_int_equal(fund_year_outgo(year).fen, 77);
    assert_int_equal(fund_year_outgo(year_of(FUND_ASSISTANCE, 2024)).fen, 5);
    assert_int_equal(ledger.books[0].fund, FUND_ASSISTANCE);
    assert_int_equal(ledger.books[0].months[0].outgo.fen, 77);
    assert_int_equal(ledger.books[1].months[0].outgo.fen, 1);
}

static void income_is_of_its_year_or_the_first_open_one(void **state)
{
    (void)state;
    receive(FUND_ASSISTANCE, INCOME_CENTRAL, day_of(2023, 12, 31), 100);
    receive(FUND_ASSISTANCE, INCOME_CENTRAL, day_of(2024, 1, 1), 30);
    receive(FUND_ASSISTANCE, INCOME_DONATION, day_of(2023, 1, 1), 5);
    receive(FUND_ASSISTANCE, INCOME_DONATION, day_of(2023, 1, 1), -5);
    assert_int_equal(fund_year_income(year_of(FUND_ASSISTANCE, 2023)).fen, 100);
    fund_ledger_close_years(&ledger, &pack, 2023);
    receive(FUND_ASSISTANCE, INCOME_CENTRAL, day_of(2023, 12, 31), 1000);
    receive(FUND_ASSISTANCE, INCOME_CENTRAL, day_of(2023, 12, 31), -100);
    assert_int_equal(fund_year_income(year_of(FUND_ASSISTANCE, 2023)).fen, 100);
    assert_int_equal(fund_year_income(year_of(FUND_ASSISTANCE, 2024)).fen, 930);
}

/* Of a payroll of 10,000.00 yuan 100.00 come in; what an agency is paid is no income. */
static void a_payroll_brings_its_levy(void **state)
{
    (void)state;
    receive(FUND_CIVIL_SERVANT, INCOME_PAYROLL, day_of(2023, 6, 1), 1000000);
    receive(FUND_CIVIL_SERVANT, INCOME_AGENCY_FEE, day_of(2023, 6, 1), 500);
    assert_int_equal(fund_year_income(year_of(FUND_CIVIL_SERVANT, 2023)).fen, 10000);
    assert_int_equal(fund_book_carried(&ledger.books[0], 2024).fen, 9500);
    receive(FUND_CIVIL_SERVANT, INCOME_PAYROLL, day_of(2023, 6, 1), -1000000);
    assert_int_equal(fund_year_income(year_of(FUND_CIVIL_SERVANT, 2023)).fen, 0);
}

/* Income of 1,000.00 each year: 50.00 aside four times, then nothing, as 200.00 are held; of twice the income more. */
static void the_reserve_grows_to_its_bound(void **state)
{
    (void)state;
    for (int year = 2021; year <= 2026; year++) {
        receive(FUND_SUPPLEMENT, INCOME_CONTRIBUTION, day_of(year, 3, 1), year == 2026 ? 200000 : 100000);
        fund_ledger_close_years(&ledger, &pack, year);
        fund_ledger_close_years(&ledger, &pack, year);
        int64_t aside = year == 2026 ? 10000 : year == 2025 ? 0 : 5000;
        assert_int_equal(year_of(FUND_SUPPLEMENT, year)->reserve.fen, aside);
    }
    assert_int_equal(fund_book_reserve(&ledger.books[0], 2025).fen, 20000);
    assert_int_equal(fund_book_carried(&ledger.books[0], 2022).fen, 95000);
    receive(FUND_POOL, INCOME_CONTRIBUTION, day_of(2027, 3, 1), 100000);
    fund_ledger_close_years(&ledger, &pack, 2027);
    assert_int_equal(year_of(FUND_POOL, 2027)->reserve.fen, 0);
}

/* 100 in, 30 out: 70 carry over. A year without income that pays 50 leaves 20, the next that pays 50 lacks 30. */
static void a_surplus_carries_over_and_covers_a_gap(void **state)
{
    (void)state;
    receive(FUND_ASSISTANCE, INCOME_COUNTY, day_of(2023, 1, 1), 100);
    pay(FUND_ASSISTANCE, FUND_MONTH(2023, 5), "a", 30);
    pay(FUND_ASSISTANCE, FUND_MONTH(2024, 5), "a", 50);
    pay(FUND_ASSISTANCE, FUND_MONTH(2025, 5), "a", 50);
    const struct fund_book *book = &ledger.books[0];
    assert_int_equal(fund_book_carried(book, 2023).fen, 0);
    assert_int_equal(fund_book_carried(book, 2024).fen, 70);
    assert_int_equal(fund_book_carried(book, 2025).fen, 20);
    assert_int_equal(fund_book_carried(book, 2026).fen, -30);
    assert_int_equal(fund_book_balance(book, FUND_MONTH(2023, 4)).fen, 100);
    assert_int_equal(fund_book_balance(book, FUND_MONTH(2025, 4)).fen, 20);
    assert_int_equal(fund_book_balance(book, FUND_MONTH(2025, 5)).fen, -30);
}

static bool is_short_with(int64_t income, const int64_t *outgo, int months)
{
    ledger = (struct fund_ledger){ .region = TEXT("100000") };
    const int last = FUND_MONTH(2023, 12);
    receive(FUND_ASSISTANCE, INCOME_COUNTY, day_of(2022, 1, 1), income);
    for (int i = 0; i < months; i++)
        pay(FUND_ASSISTANCE, last - i, "a", outgo[i]);
    return fund_book_is_short(&ledger.books[0], last);
}

/* Twelve months of 100 are 1,200, their mean 100: a balance of 100 is enough, one of 99 is not. What was paid in the
 * thirteenth month before, or is paid in the next, is no part of the mean. */
static void a_fund_is_short_below_the_mean_of_twelve_months(void **state)
{
    (void)state;
    int64_t outgo[13];
    for (int i = 0; i < 13; i++)
        outgo[i] = 100;
    assert_false(is_short_with(1300, outgo, 12));
    assert_true(is_short_with(1299, outgo, 12));
    outgo[12] = 100000;
    assert_false(is_short_with(101300, outgo, 13));
    assert_true(is_short_with(101299, outgo, 13));
    pay(FUND_ASSISTANCE, FUND_MONTH(2024, 1), "a", 99);
    assert_int_equal(fund_book_needed(&ledger.books[0], FUND_MONTH(2023, 12)).fen, 100);
    /* A mean of 100 1/12 is not reached by 100. */
    outgo[0] = 101;
    assert_true(is_short_with(1301, outgo, 12));
    assert_false(is_short_with(1302, outgo, 12));
}

static void a_fund_is_short_below_zero(void **state)
{
    (void)state;
    const int64_t back[] = { -50, 49 }, nothing[] = { 0 };
    assert_false(is_short_with(0, nothing, 1));
    assert_true(is_short_with(-1, nothing, 1));
    assert_false(is_short_with(-1, back, 2));
    assert_true(is_short_with(-2, back, 2));
}

static struct text encoded(void)
{
    struct text bytes;
    assert_int_equal(fund_ledger_encode(arena, &ledger, &bytes), STATUS_OK);
    return bytes;
}

static void fill(void)
{
    receive(FUND_SUPPLEMENT, INCOME_CONTRIBUTION, day_of(2023, 1, 1), 100000);
    receive(FUND_ASSISTANCE, INCOME_GAP, day_of(2022, 1, 1), 7);
    pay(FUND_SUPPLEMENT, FUND_MONTH(2023, 2), "q", -12);
    pay(FUND_SUPPLEMENT, FUND_MONTH(2024, 2), "q", 12);
    (void)fund_ledger_close_months(&ledger, FUND_MONTH(2023, 12));
    fund_ledger_close_years(&ledger, &pack, 2023);
}

static void what_is_stored_comes_back(void **state)
{
    (void)state;
    fill();
    struct text bytes = encoded();
    assert_int_equal(fund_ledger_decode(arena, bytes, &ledger), STATUS_OK);
    assert_true(text_equal(encoded(), bytes));
    assert_true(text_equal(ledger.region, TEXT("100000")));
    assert_int_equal(ledger.open_month, FUND_MONTH(2024, 1));
    assert_int_equal(ledger.open_year, 2024);
    assert_int_equal(year_of(FUND_SUPPLEMENT, 2023)->reserve.fen, 5000);
    assert_true(year_of(FUND_SUPPLEMENT, 2023)->is_closed && !year_of(FUND_SUPPLEMENT, 2024)->is_closed);
    assert_int_equal(fund_ledger_decode(arena, TEXT_EMPTY, &ledger), STATUS_OK);
    assert_int_equal(ledger.book_count, 0);
}

static void damage_is_seen(void **state)
{
    (void)state;
    fill();
    struct text bytes = encoded();
    struct fund_ledger read;
    for (size_t length = 1; length < bytes.length; length++)
        assert_int_equal(fund_ledger_decode(arena, (struct text){ bytes.at, length }, &read), STATUS_BAD_STATE);
}

static void what_stands_beside_comes_back(void **state)
{
    (void)state;
    const struct fund_sum sum = { .fund = FUND_POOL,
        .month = FUND_MONTH(2023, 2),
        .payee = { PAYEE_INSTITUTION, TEXT("H1"), TEXT("医院") },
        .amount = { -5 },
        .settlements = 3 };
    struct fund_sum read;
    struct fund_index index;
    struct text bytes, again;
    uint64_t count;
    assert_int_equal(fund_sum_encode(arena, &sum, &bytes), STATUS_OK);
    assert_int_equal(fund_sum_decode(bytes, &read), STATUS_OK);
    assert_int_equal(fund_sum_encode(arena, &read, &again), STATUS_OK);
    assert_true(text_equal(bytes, again));
    assert_int_equal(read.amount.fen, -5);
    assert_int_equal(fund_index_decode(arena, TEXT_EMPTY, &index), STATUS_OK);
    memset(index.keys, 7, FUND_INDEX_SIZE * sizeof *index.keys);
    index.count = FUND_INDEX_SIZE;
    assert_int_equal(fund_index_encode(arena, &index, &bytes), STATUS_OK);
    assert_int_equal(fund_index_decode(arena, bytes, &index), STATUS_OK);
    assert_int_equal(index.count, FUND_INDEX_SIZE);
    assert_int_equal(index.keys[FUND_INDEX_SIZE - 1].bytes[15], 7);
    assert_int_equal(fund_count_encode(arena, 300, &bytes), STATUS_OK);
    assert_int_equal(fund_count_decode(bytes, &count), STATUS_OK);
    assert_int_equal(count, 300);
    assert_int_equal(fund_sum_decode(bytes, &read), STATUS_BAD_STATE);
    assert_int_equal(fund_index_decode(arena, bytes, &index), STATUS_BAD_STATE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_late_payment_goes_to_the_first_open_month),
        TEST(a_close_takes_the_open_months_before_it_along),
        TEST(outgo_is_kept_by_rule_and_month),
        TEST(income_is_of_its_year_or_the_first_open_one),
        TEST(a_payroll_brings_its_levy),
        TEST(the_reserve_grows_to_its_bound),
        TEST(a_surplus_carries_over_and_covers_a_gap),
        TEST(a_fund_is_short_below_the_mean_of_twelve_months),
        TEST(a_fund_is_short_below_zero),
        TEST(what_is_stored_comes_back),
        TEST(damage_is_seen),
        TEST(what_stands_beside_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
