/** A region's funds: what came in by source, what went out by rule, month by month and year by year (rules.md F;
 *  Pingshun art. 22 to 27). Entries are applied in the order of their topic; the same entries in the same order end in
 *  the same bytes. Pure; everything lives in the arena. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "policy/pack.h"
#include "state/store.h"

/** Payees of one month and fund that stand in one index value. Stored, so never changed. */
#define FUND_INDEX_SIZE 256

/* ---- Entries ---- */

enum fund_entry_kind { FUND_ENTRY_PAYMENT = 1, FUND_ENTRY_INCOME, FUND_ENTRY_CLOSE };

/** A hospital or a person. */
struct fund_payee {
    uint8_t kind;   /* PAYEE_... */
    struct text id; /* code of the institution, or identity number */
    struct text name;
};

struct fund_part {
    struct text rule;
    uint8_t fund;
    money amount; /* below zero: comes back */
};

struct fund_payment {
    struct text settlement_id;
    struct fund_payee payee;
    const struct fund_part *parts;
    size_t part_count;
};

/** A row of a FUND list. Two rows that say the same are two payments; REMOVE takes back one of them. */
struct fund_row {
    struct text roster_id;
    uint8_t fund;
    uint8_t source; /* INCOME_... */
    money amount;   /* as the row has it: of INCOME_PAYROLL the payroll */
    day on;
    bool removed;
};

struct fund_close {
    int16_t year;
    int8_t month;       /* 1..12; 0: the whole year */
    struct text cursor; /* bytes; empty: from the beginning */
};

struct fund_entry {
    uint8_t kind; /* FUND_ENTRY_... */
    struct text region;
    instant recorded_at;
    union {
        struct fund_payment payment;
        struct fund_row row;
        struct fund_close close;
    };
};

/* ---- The ledger ---- */

/** Months are counted from the year 0, so that they can be compared and added to; 0: none. */
#define FUND_MONTH(year, month) ((int)(year)*12 + (month)-1)
static inline int fund_month_year(int month)
{
    return month / 12;
}
#define FUND_MONTH_TEXT_SIZE 16
/** "YYYY-MM"; returns buffer. */
char *fund_month_format(int month, char *buffer);

struct fund_outgo {
    struct text rule;
    money amount;
};

struct fund_year {
    int year;
    bool is_closed;
    money income[TERM_LIMIT]; /* by INCOME_...; that of AGENCY_FEE goes out */
    struct fund_outgo *outgo; /* by rule, in their bytewise order */
    size_t outgo_count;
    money reserve; /* put aside at the year's close */
};

struct fund_month {
    int month;
    money outgo;
    uint32_t payees; /* whom the month has moved money of */
};

/** One fund. */
struct fund_book {
    uint8_t fund;
    struct fund_year *years; /* in order */
    size_t year_count;
    struct fund_month *months; /* in order */
    size_t month_count;
};

struct fund_ledger {
    struct text region;
    int open_month; /* the first not yet closed; 0: none was closed yet */
    int open_year;
    struct fund_book *books; /* in order of fund */
    size_t book_count;
};

/** Empty bytes are a ledger in which nothing stands, whose region the caller sets. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status fund_ledger_decode(struct arena *arena, struct text bytes, struct fund_ledger *ret_ledger);
NODISCARD enum status fund_ledger_encode(struct arena *arena, const struct fund_ledger *ledger, struct text *ret_bytes);

/** NULL when there is none. */
const struct fund_book *fund_ledger_find(const struct fund_ledger *ledger, uint8_t fund);

/** The month that pays what was recorded then: its own in Shanghai, or the first one open when that is later. */
int fund_ledger_month_of(const struct fund_ledger *ledger, instant recorded_at);

/** Books a part as outgo of the month and its year. `ret_month` is the fund's own and holds until the next one is
 *  added. ARENA_FULL or OK. */
NODISCARD enum status fund_ledger_pay(struct arena *arena, struct fund_ledger *ledger, int month,
    const struct fund_part *part, struct fund_month **ret_month);

/** Books a row as income of the year of its day, or of the first one open when that is later; of a payroll the levy.
 *  Takes it back when it is removed. ARENA_FULL or OK. */
NODISCARD enum status fund_ledger_receive(
    struct arena *arena, struct fund_ledger *ledger, const struct policy_pack *pack, const struct fund_row *row);

/** Months from `from` to `to`, both included; none when `from` is later. */
struct fund_span {
    int from, to;
};
/** Closes every open month up to this one, and says which they are. */
struct fund_span fund_ledger_close_months(struct fund_ledger *ledger, int month);
/** Closes every open year up to this one, whose months are closed, and puts aside what the pack says (Qingyang
 *  三（三）). */
void fund_ledger_close_years(struct fund_ledger *ledger, const struct policy_pack *pack, int year);

/* ---- What it comes to ---- */

money fund_year_income(const struct fund_year *year); /* of all sources */
money fund_year_outgo(const struct fund_year *year);  /* of all rules */
/** What the years before left it: a surplus carries over, a gap is covered by it first (Pingshun art. 27). */
money fund_book_carried(const struct fund_book *book, int year);
/** What the fund has at a month's end: all income up to the end of its year, less what went out by then, less the
 *  reserve. */
money fund_book_balance(const struct fund_book *book, int month);
money fund_book_reserve(const struct fund_book *book, int year); /* put aside up to that year, included */
money fund_book_outgo(const struct fund_book *book, struct fund_span span);

/** Whether the balance at the end of a closed month is below zero, or below the mean of the outgo of the twelve months
 *  up to it. */
bool fund_book_is_short(const struct fund_book *book, int month);
/** That mean, up to the fen above; zero when more came back than went out. */
money fund_book_needed(const struct fund_book *book, int month);

/* ---- What stands beside the ledger ---- */

/** What one payee receives of one fund for one month. */
struct fund_sum {
    uint8_t fund;
    int month;
    struct fund_payee payee;
    money amount;
    uint64_t settlements; /* that moved it */
};
NODISCARD enum status fund_sum_decode(struct text bytes, struct fund_sum *ret_sum);
NODISCARD enum status fund_sum_encode(struct arena *arena, const struct fund_sum *sum, struct text *ret_bytes);

/** Where the sums of some payees are stored: FUND_INDEX_SIZE of them at most, in the order in which they came. */
struct fund_index {
    struct store_key *keys; /* room for FUND_INDEX_SIZE */
    size_t count;
};
NODISCARD enum status fund_index_decode(struct arena *arena, struct text bytes, struct fund_index *ret_index);
NODISCARD enum status fund_index_encode(struct arena *arena, const struct fund_index *index, struct text *ret_bytes);

/** How many rows that say the same stand. */
NODISCARD enum status fund_count_decode(struct text bytes, uint64_t *ret_count);
NODISCARD enum status fund_count_encode(struct arena *arena, uint64_t count, struct text *ret_bytes);
