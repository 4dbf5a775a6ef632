/** A list for an office, written row by row: as XLSX, or as CSV that spreadsheets open. The file appears whole under
 *  its name, or not at all. */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_COLUMNS_MAX 32

enum table_kind {
    TABLE_TEXT,   /* numbers that are names, too: of persons, of institutions */
    TABLE_YUAN,   /* fen in, yuan with two decimals out; summed in a total row */
    TABLE_COUNT,  /* a number of things; summed in a total row */
    TABLE_NUMBER, /* a number that is not summed */
    TABLE_DAY,    /* YYYY-MM-DD in; what is no day is written as text */
};

struct table_column {
    const char *heading;
    enum table_kind kind;
    int width; /* in characters of the body font; a Chinese one takes two */
};

/** All lent until `table_new` returns, but `columns`, which outlive the table. */
struct table_form {
    const char *path;  /* ends in .xlsx or .csv */
    const char *title; /* of the sheet: at most 31 characters */
    const struct table_column *columns;
    size_t count;
};

/** What a column's kind asks for: `text` or `number`. */
struct table_cell {
    const char *text; /* UTF-8; NULL: an empty cell, whatever the kind */
    int64_t number;
};

/** A cell of a number, which is never empty. */
static inline struct table_cell table_number(int64_t number)
{
    return (struct table_cell){ "", number };
}

static inline struct table_cell table_text(const char *text)
{
    return (struct table_cell){ text, 0 };
}

struct table;

/** Whether the name of a file says that it can be written. */
bool table_takes(const char *path);

/** The headings are written. BAD_VALUE: neither .xlsx nor .csv; SYSTEM with `fault->text`. The caller owns the table
 *  and ends it by `table_finish` or `table_discard`. */
NODISCARD enum status table_new(const struct table_form *form, struct table **ret_table, struct fault *fault);
/** One cell per column. TOO_LARGE: a sheet has no more rows; SYSTEM. After a failure only `table_discard` is left. */
NODISCARD enum status table_add(struct table *table, const struct table_cell *cells);
/** The last row: 合计, and the sums of amounts and counts; in XLSX they are formulas over the rows. */
NODISCARD enum status table_add_total(struct table *table);
/** Writes what is left and gives the file its name. Frees the table in any case. */
NODISCARD enum status table_finish(struct table *table, struct fault *fault);
/** Leaves nothing behind. */
void table_discard(struct table *table);
