/** A hospital's statement of what it has paid for the funds, from the bytes of its file to rows: encounter, amount, and
 *  where there are such columns person and institution. Several rows of one encounter are parts of one amount. */
#pragma once

#include "base/money.h"
#include "cli/roster_cell.h"
#include "base/status.h"

enum statement_column {
#define COLUMN(name, required, spellings) STATEMENT_COLUMN_##name,
#include "cli/statement_column.def"
#undef COLUMN
    STATEMENT_COLUMN_COUNT,
};

struct statement_row {
    long number;                                /* in the file, as a spreadsheet counts */
    struct text encounter, person, institution; /* the last two may be empty */
    money amount;
};

/** A cell that cannot be read. */
struct statement_problem {
    long row;
    enum statement_column column;
    enum roster_complaint complaint;
};

struct statement_sheet {
    struct statement_row *rows;
    size_t count;
    struct statement_problem *problems;
    size_t problem_count;
    bool has_total;
    long total_number;
    money total; /* as the file's last total row says */
    money sum;   /* of the rows */
};

/** How a column is called in Chinese: its first spelling. Lives for ever. */
struct text statement_heading(enum statement_column column);

/** Everything lives in the arena, or is lent by `bytes`. BAD_VALUE: it is no statement, `fault->text` says why in
 *  Chinese; ARENA_FULL; SYSTEM. A statement with problems is OK: look at `problem_count`. */
NODISCARD enum status statement_sheet_read(
    struct arena *arena, struct text bytes, struct statement_sheet *ret_sheet, struct fault *fault);
