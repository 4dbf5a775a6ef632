/** Separated values as spreadsheets write them: quoted cells with separators, doubled quotes and line breaks in them,
 *  any of the three line ends, rows of different lengths. Pure. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

/** More columns than any office's list has. */
#define CSV_CELLS_MAX 256

struct csv {
    struct text rest; /* UTF-8 that is not read yet; lent */
    char separator;
    long row; /* of the row read last, from 1, as a spreadsheet counts: empty rows too, quoted line breaks not */
};

/** Cells are lent by the text, or live in the arena when a doubled quote had to be undone. */
struct csv_row {
    struct text cells[CSV_CELLS_MAX];
    size_t count; /* an empty line is one empty cell */
};

enum csv_result {
    CSV_ROW,
    CSV_END,
    CSV_BAD_QUOTE, /* opened and never closed, or something else than a separator behind it; nothing more can be read */
    CSV_TOO_WIDE,  /* more than CSV_CELLS_MAX cells */
    CSV_ARENA_FULL,
};

/** Reads the next row; `ret_row` holds one only when it says CSV_ROW. */
enum csv_result csv_next(struct csv *csv, struct arena *arena, struct csv_row *ret_row);
