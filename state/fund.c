#include "state/fund.h"

#include "policy/levy.h"

#define MONTHS_LOOKED_BACK 12

/* ---- Finding and adding ---- */

/* What stands in order of a number, as books, years and months do: the number comes first in each. */
static size_t place_of(const void *items, size_t count, size_t size, int number)
{
    size_t at = 0;
    while (at < count && *(const int *)((const char *)items + at * size) < number)
        at++;
    return at;
}

/* Makes a hole at `at`, zeroed; one more is rarely needed, so there is no spare room. */
static void *insert(struct arena *arena, void *items, size_t count, size_t at, size_t size)
{
    char *grown = arena_grow(arena, items, count, count + 1, size);
    if (grown == NULL)
        return NULL;
    memmove(grown + (at + 1) * size, grown + at * size, (count - at) * size);
    memset(grown + at * size, 0, size);
    return grown;
}

static enum status find_book(struct arena *arena, struct fund_ledger *ledger, uint8_t fund, struct fund_book **ret_book)
{
    size_t at = 0;
    while (at < ledger->book_count && ledger->books[at].fund < fund)
        at++;
    if (at == ledger->book_count || ledger->books[at].fund != fund) {
        struct fund_book *books = insert(arena, ledger->books, ledger->book_count, at, sizeof *books);
        if (books == NULL)
            return STATUS_ARENA_FULL;
        ledger->books = books;
        ledger->book_count++;
        books[at].fund = fund;
    }
    *ret_book = &ledger->books[at];
    return STATUS_OK;
}

static enum status find_year(struct arena *arena, struct fund_book *book, int year, struct fund_year **ret_year)
{
    size_t at = place_of(book->years, book->year_count, sizeof *book->years, year);
    if (at == book->year_count || book->years[at].year != year) {
        struct fund_year *years = insert(arena, book->years, book->year_count, at, sizeof *years);
        if (years == NULL)
            return STATUS_ARENA_FULL;
        book->years = years;
        book->year_count++;
        years[at].year = year;
    }
    *ret_year = &book->years[at];
    return STATUS_OK;
}

static enum status find_month(struct arena *arena, struct fund_book *book, int month, struct fund_month **ret_month)
{
    size_t at = place_of(book->months, book->month_count, sizeof *book->months, month);
    if (at == book->month_count || book->months[at].month != month) {
        struct fund_month *months = insert(arena, book->months, book->month_count, at, sizeof *months);
        if (months == NULL)
            return STATUS_ARENA_FULL;
        book->months = months;
        book->month_count++;
        months[at].month = month;
    }
    *ret_month = &book->months[at];
    return STATUS_OK;
}

static enum status add_outgo(struct arena *arena, struct fund_year *year, struct text rule, money amount)
{
    size_t at = 0;
    while (at < year->outgo_count && text_cmp(year->outgo[at].rule, rule) < 0)
        at++;
    if (at == year->outgo_count || !text_equal(year->outgo[at].rule, rule)) {
        struct fund_outgo *outgo = insert(arena, year->outgo, year->outgo_count, at, sizeof *outgo);
        if (outgo == NULL)
            return STATUS_ARENA_FULL;
        year->outgo = outgo;
        year->outgo_count++;
        outgo[at].rule = rule;
    }
    year->outgo[at].amount = money_add(year->outgo[at].amount, amount);
    return STATUS_OK;
}

const struct fund_book *fund_ledger_find(const struct fund_ledger *ledger, uint8_t fund)
{
    for (size_t i = 0; i < ledger->book_count; i++)
        if (ledger->books[i].fund == fund)
            return &ledger->books[i];
    return NULL;
}

/* ---- Out ---- */

int fund_ledger_month_of(const struct fund_ledger *ledger, instant recorded_at)
{
    struct day_parts parts = day_parts(instant_day(recorded_at));
    int own = FUND_MONTH(parts.year, parts.month);
    return own < ledger->open_month ? ledger->open_month : own;
}

enum status fund_ledger_pay(struct arena *arena, struct fund_ledger *ledger, int month, const struct fund_part *part,
    struct fund_month **ret_month)
{
    struct fund_book *book;
    struct fund_year *year;
    enum status status = find_book(arena, ledger, part->fund, &book);
    if (status == STATUS_OK)
        status = find_year(arena, book, fund_month_year(month), &year);
    if (status == STATUS_OK)
        status = add_outgo(arena, year, part->rule, part->amount);
    if (status == STATUS_OK)
        status = find_month(arena, book, month, ret_month);
    if (status == STATUS_OK)
        (*ret_month)->outgo = money_add((*ret_month)->outgo, part->amount);
    return status;
}

/* ---- In ---- */

/* Yangcheng 三: of the payroll a share is levied. Without a rule nothing is. */
static money booked_amount(const struct policy_pack *pack, const struct fund_row *row)
{
    if (row->source != INCOME_PAYROLL)
        return row->amount;
    const struct policy_version *version = pack->levy == NULL ? NULL : policy_rule_on(pack->levy, row->on);
    return version == NULL ? MONEY_ZERO : policy_levy_of(&version->levy, row->amount);
}

enum status fund_ledger_receive(
    struct arena *arena, struct fund_ledger *ledger, const struct policy_pack *pack, const struct fund_row *row)
{
    struct fund_book *book;
    struct fund_year *year;
    int own = day_year(row->on);
    enum status status = find_book(arena, ledger, row->fund, &book);
    if (status == STATUS_OK)
        status = find_year(arena, book, own < ledger->open_year ? ledger->open_year : own, &year);
    if (status != STATUS_OK)
        return status;
    money amount = booked_amount(pack, row), *sum = &year->income[row->source];
    *sum = row->removed ? money_sub(*sum, amount) : money_add(*sum, amount);
    return STATUS_OK;
}

/* ---- Closing ---- */

static int first_month(const struct fund_ledger *ledger, int otherwise)
{
    int first = otherwise;
    for (size_t i = 0; i < ledger->book_count; i++)
        if (ledger->books[i].month_count != 0 && ledger->books[i].months[0].month < first)
            first = ledger->books[i].months[0].month;
    return first;
}

struct fund_span fund_ledger_close_months(struct fund_ledger *ledger, int month)
{
    struct fund_span span = { .from = ledger->open_month, .to = month };
    if (ledger->open_month == 0)
        span.from = first_month(ledger, month);
    if (ledger->open_month <= month)
        ledger->open_month = month + 1;
    return span;
}

static void close_year(struct fund_book *book, struct fund_year *year, const struct policy_rule *rule)
{
    const struct policy_version *version = NULL;
    if (year->is_closed)
        return;
    year->is_closed = true;
    if (rule != NULL && rule->fund == book->fund)
        version = policy_rule_on(rule, day_of(year->year, 12, 31));
    if (version != NULL)
        year->reserve =
            policy_reserve_of(&version->reserve, fund_year_income(year), fund_book_reserve(book, year->year - 1));
}

void fund_ledger_close_years(struct fund_ledger *ledger, const struct policy_pack *pack, int year)
{
    for (size_t i = 0; i < ledger->book_count; i++) {
        struct fund_book *book = &ledger->books[i];
        for (size_t at = 0; at < book->year_count && book->years[at].year <= year; at++)
            close_year(book, &book->years[at], pack->reserve);
    }
    if (ledger->open_year <= year)
        ledger->open_year = year + 1;
}

/* ---- Sums ---- */

money fund_year_income(const struct fund_year *year)
{
    money sum = MONEY_ZERO;
    for (int source = 1; source < TERM_LIMIT; source++)
        if (source != INCOME_AGENCY_FEE)
            sum = money_add(sum, year->income[source]);
    return sum;
}

money fund_year_outgo(const struct fund_year *year)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < year->outgo_count; i++)
        sum = money_add(sum, year->outgo[i].amount);
    return sum;
}

/* What a year leaves beside what it pays out. */
static money kept_of(const struct fund_year *year)
{
    money kept = money_sub(fund_year_income(year), year->income[INCOME_AGENCY_FEE]);
    return money_sub(kept, year->reserve);
}

money fund_book_carried(const struct fund_book *book, int year)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < book->year_count && book->years[i].year < year; i++)
        sum = money_add(sum, money_sub(kept_of(&book->years[i]), fund_year_outgo(&book->years[i])));
    return sum;
}

money fund_book_reserve(const struct fund_book *book, int year)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < book->year_count && book->years[i].year <= year; i++)
        sum = money_add(sum, book->years[i].reserve);
    return sum;
}

money fund_book_outgo(const struct fund_book *book, struct fund_span span)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < book->month_count && book->months[i].month <= span.to; i++)
        if (book->months[i].month >= span.from)
            sum = money_add(sum, book->months[i].outgo);
    return sum;
}

money fund_book_balance(const struct fund_book *book, int month)
{
    money sum = MONEY_ZERO;
    for (size_t i = 0; i < book->year_count && book->years[i].year <= fund_month_year(month); i++)
        sum = money_add(sum, kept_of(&book->years[i]));
    return money_sub(sum, fund_book_outgo(book, (struct fund_span){ 0, month }));
}

static money outgo_of_twelve(const struct fund_book *book, int month)
{
    return fund_book_outgo(book, (struct fund_span){ month - MONTHS_LOOKED_BACK + 1, month });
}

money fund_book_needed(const struct fund_book *book, int month)
{
    int64_t outgo = outgo_of_twelve(book, month).fen;
    return MONEY_FEN(outgo <= 0 ? 0 : (outgo + MONTHS_LOOKED_BACK - 1) / MONTHS_LOOKED_BACK);
}

/* A balance of whole fen is below the mean exactly when it is below the mean's next whole fen. */
bool fund_book_is_short(const struct fund_book *book, int month)
{
    return money_cmp(fund_book_balance(book, month), fund_book_needed(book, month)) < 0;
}
