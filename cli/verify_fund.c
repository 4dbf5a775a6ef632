#include "cli/verify_fund.h"

#include "consumers/fund_entry.h"
#include "policy/term.h"

#include <string.h>

/* Where sums go whose month does not matter. */
#define ANY_MONTH FUND_MONTH(2000, 1)
#define REQUESTS TEXT("payment-request")

/* ---- Taking ---- */

static enum status region_of(struct verify_funds *funds, struct text region, struct verify_fund **ret_fund)
{
    for (struct verify_fund *fund = funds->first; fund != NULL; fund = fund->next)
        if (text_equal(fund->region, region)) {
            *ret_fund = fund;
            return STATUS_OK;
        }
    struct verify_fund *added = ARENA_NEW(funds->arena, struct verify_fund);
    const char *copy = arena_copy(funds->arena, region.at, region.length);
    if (added == NULL || copy == NULL)
        return STATUS_ARENA_FULL;
    *added = (struct verify_fund){ .next = funds->first, .region = { copy, region.length } };
    funds->first = added;
    *ret_fund = added;
    return STATUS_OK;
}

/* A rule's name is copied when the ledger does not know it yet: there are a dozen, and millions of payments. */
static struct text kept_rule(struct arena *arena, const struct fund_ledger *ledger, const struct fund_part *part)
{
    const struct fund_book *book = fund_ledger_find(ledger, part->fund);
    for (size_t year = 0; book != NULL && year < book->year_count; year++)
        for (size_t i = 0; i < book->years[year].outgo_count; i++)
            if (text_equal(book->years[year].outgo[i].rule, part->rule))
                return book->years[year].outgo[i].rule;
    return (struct text){ arena_copy(arena, part->rule.at, part->rule.length), part->rule.length };
}

static enum status pay(struct arena *arena, struct fund_ledger *ledger, int month, const struct fund_part *part)
{
    struct fund_month *ignored;
    struct fund_part kept = *part;
    kept.rule = kept_rule(arena, ledger, part);
    return kept.rule.at == NULL ? STATUS_ARENA_FULL : fund_ledger_pay(arena, ledger, month, &kept, &ignored);
}

enum status verify_fund_take_settlement(struct verify_funds *funds, struct arena *scratch, struct text value)
{
    struct fund_moves moves = { .count = 0 };
    struct fault fault;
    enum status status = consumer_fund_moves_decode(scratch, value, &moves, &fault);
    if (status != STATUS_OK)
        return status == STATUS_ARENA_FULL ? status : STATUS_OK;
    for (size_t i = 0; i < moves.count && status == STATUS_OK; i++) {
        const struct fund_payment *payment = &moves.entries[i].payment;
        struct verify_fund *fund;
        status = region_of(funds, moves.entries[i].region, &fund);
        for (size_t part = 0; part < payment->part_count && status == STATUS_OK; part++)
            status = pay(funds->arena, &fund->moved, ANY_MONTH, &payment->parts[part]);
    }
    return status;
}

/* The month, or of a year its last one; 0: neither. */
static int month_of(const char *period)
{
    int year, month = 12;
    char rest;
    int read = sscanf(period, "%4d-%2d%c", &year, &month, &rest);
    return read < 1 || read > 2 || month < 1 || month > 12 ? 0 : FUND_MONTH(year, month);
}

static enum status take_payment(
    struct verify_funds *funds, struct verify_fund *fund, const Settled__V1__FundEntry *entry)
{
    const Settled__V1__FundEntry__Payment *payment = entry->payment;
    instant at = { 0 };
    enum status status = STATUS_OK;
    if (entry->recorded_at != NULL)
        at = (instant){ entry->recorded_at->seconds, entry->recorded_at->nanos };
    int month = fund_ledger_month_of(&fund->entries, at);
    for (size_t i = 0; i < payment->n_parts && status == STATUS_OK; i++) {
        const struct fund_part part = { text_of(payment->parts[i]->rule), (uint8_t)payment->parts[i]->fund,
            MONEY_FEN(payment->parts[i]->amount_fen) };
        status = pay(funds->arena, &fund->entries, month, &part);
    }
    return status;
}

enum status verify_fund_take_entry(struct verify_funds *funds, const Settled__V1__FundEntry *entry)
{
    struct verify_fund *fund;
    enum status status = region_of(funds, text_of(entry->region), &fund);
    if (status != STATUS_OK)
        return status;
    if (entry->payment != NULL)
        return take_payment(funds, fund, entry);
    if (entry->close != NULL && entry->close->cursor.len == 0 && month_of(entry->close->period) != 0)
        (void)fund_ledger_close_months(&fund->entries, month_of(entry->close->period));
    return STATUS_OK;
}

enum status verify_fund_take_request(struct verify_funds *funds, const Settled__V1__PaymentRequest *request)
{
    struct verify_fund *fund;
    const struct fund_part part = { REQUESTS, (uint8_t)request->fund, MONEY_FEN(request->amount_fen) };
    enum status status = region_of(funds, text_of(request->region), &fund);
    if (status != STATUS_OK || month_of(request->month) == 0)
        return status;
    return pay(funds->arena, &fund->requested, month_of(request->month), &part);
}

/* ---- Amounts ---- */

static bool find_outgo(const struct fund_ledger *ledger, uint8_t fund, int year, struct text rule, money *ret_amount)
{
    const struct fund_book *book = fund_ledger_find(ledger, fund);
    bool found = false;
    *ret_amount = MONEY_ZERO;
    for (size_t i = 0; book != NULL && i < book->year_count; i++)
        for (size_t o = 0; o < book->years[i].outgo_count; o++)
            if ((year == 0 || book->years[i].year == year) && text_equal(book->years[i].outgo[o].rule, rule)) {
                *ret_amount = money_add(*ret_amount, book->years[i].outgo[o].amount);
                found = true;
            }
    return found;
}

static bool find_month(const struct fund_ledger *ledger, uint8_t fund, int month, money *ret_amount)
{
    const struct fund_book *book = fund_ledger_find(ledger, fund);
    *ret_amount = MONEY_ZERO;
    for (size_t i = 0; book != NULL && i < book->month_count; i++)
        if (book->months[i].month == month) {
            *ret_amount = book->months[i].outgo;
            return true;
        }
    return false;
}

/* ---- Comparing ---- */

struct comparison {
    const struct verify_fund *fund;
    const struct fund_ledger *stored;
    FILE *stream;
    struct verify_fund_found *found;
};

/* What two sides are called, and why they may differ. */
struct sides {
    const char *first, *second, *cause;
};

static const struct sides settled_and_booked = { "settlements", "entries",
    "the fund stage stands still or lags, or a settlement was added by hand" };
static const struct sides booked_and_stored = { "entries", "ledger",
    "Redis lags, or the stored ledger is an older or changed value" };
static const struct sides requested_and_stored = { "payment requests", "ledger",
    "requests of a closed month are still being sent, or one was added by hand" };

struct amounts {
    uint8_t fund;
    struct text what;
    money first, second;
};

static void compare(struct comparison *comparison, const struct sides *sides, const struct amounts *amounts)
{
    char first[MONEY_TEXT_SIZE], second[MONEY_TEXT_SIZE], less[MONEY_TEXT_SIZE];
    comparison->found->compared++;
    if (money_cmp(amounts->first, amounts->second) == 0)
        return;
    comparison->found->differences++;
    if (comparison->stream != NULL)
        fprintf(comparison->stream, "%.*s fund %s %.*s: %s %s, %s %s, difference %s: %s\n",
            TEXT_FORMAT(comparison->fund->region), term_name(TERM_FUND, amounts->fund), TEXT_FORMAT(amounts->what),
            sides->first, money_format(amounts->first, first), sides->second, money_format(amounts->second, second),
            money_format(money_sub(amounts->first, amounts->second), less), sides->cause);
}

/* Rules of `keys`, in each year or over all of them; those that `known` has as well were compared already. */
static void compare_rules(struct comparison *comparison, const struct fund_ledger *keys,
    const struct fund_ledger *known, const struct sides *sides)
{
    const struct verify_fund *fund = comparison->fund;
    bool is_by_year = sides == &booked_and_stored;
    const struct fund_ledger *one = is_by_year ? &fund->entries : &fund->moved;
    const struct fund_ledger *other = is_by_year ? comparison->stored : &fund->entries;
    for (size_t b = 0; b < keys->book_count; b++)
        for (size_t y = 0; y < keys->books[b].year_count; y++)
            for (size_t i = 0; i < keys->books[b].years[y].outgo_count; i++) {
                char what[160];
                struct amounts amounts = { .fund = keys->books[b].fund };
                struct text rule = keys->books[b].years[y].outgo[i].rule;
                int year = is_by_year ? keys->books[b].years[y].year : 0;
                money ignored;
                if (known != NULL && find_outgo(known, amounts.fund, year, rule, &ignored))
                    continue;
                snprintf(what, sizeof what, is_by_year ? "%d %.*s" : "%.0d%.*s", year, TEXT_FORMAT(rule));
                amounts.what = text_of(what);
                (void)find_outgo(one, amounts.fund, year, rule, &amounts.first);
                (void)find_outgo(other, amounts.fund, year, rule, &amounts.second);
                compare(comparison, sides, &amounts);
            }
}

/* Requests are due for months that are closed; of an open one there is none. */
static void compare_months(struct comparison *comparison, const struct fund_ledger *keys,
    const struct fund_ledger *known, const struct sides *sides)
{
    const struct verify_fund *fund = comparison->fund;
    const struct fund_ledger *one = sides == &requested_and_stored ? &fund->requested : &fund->entries;
    for (size_t b = 0; b < keys->book_count; b++)
        for (size_t i = 0; i < keys->books[b].month_count; i++) {
            char what[FUND_MONTH_TEXT_SIZE];
            int month = keys->books[b].months[i].month;
            struct amounts amounts = { .fund = keys->books[b].fund, .what = text_of(fund_month_format(month, what)) };
            money ignored;
            if (known != NULL && find_month(known, amounts.fund, month, &ignored))
                continue;
            (void)find_month(one, amounts.fund, month, &amounts.first);
            (void)find_month(comparison->stored, amounts.fund, month, &amounts.second);
            if (sides == &requested_and_stored && month >= comparison->stored->open_month)
                amounts.second = MONEY_ZERO;
            compare(comparison, sides, &amounts);
        }
}

void verify_fund_compare(
    const struct verify_fund *fund, const struct fund_ledger *stored, FILE *stream, struct verify_fund_found *found)
{
    static const struct fund_ledger nothing = { .book_count = 0 };
    struct comparison comparison = { fund, stored == NULL ? &nothing : stored, stream, found };
    compare_rules(&comparison, &fund->moved, NULL, &settled_and_booked);
    compare_rules(&comparison, &fund->entries, &fund->moved, &settled_and_booked);
    compare_rules(&comparison, &fund->entries, NULL, &booked_and_stored);
    compare_rules(&comparison, comparison.stored, &fund->entries, &booked_and_stored);
    compare_months(&comparison, &fund->entries, NULL, &booked_and_stored);
    compare_months(&comparison, comparison.stored, &fund->entries, &booked_and_stored);
    compare_months(&comparison, comparison.stored, NULL, &requested_and_stored);
    compare_months(&comparison, &fund->requested, comparison.stored, &requested_and_stored);
    for (size_t b = 0; b < comparison.stored->book_count; b++)
        for (size_t i = 0; i < comparison.stored->books[b].month_count; i++)
            found->outgo = money_add(found->outgo, comparison.stored->books[b].months[i].outgo);
}
