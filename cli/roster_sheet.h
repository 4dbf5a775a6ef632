/** An office's list, from the bytes of its file to the rows of a `roster-update`: finds encoding, separator and heading
 *  row, and reads every cell. Whether a row is a right one (check digit, name, duplicates) is for the processor to say;
 *  here is only told what cannot be read. */
#pragma once

#include "cli/roster_words.h"
#include "state/roster_row.h"

/** Attributes of one row at most: more than any kind has. */
#define ROSTER_SHEET_ATTRIBUTES_MAX 8
#define ROSTER_SHEET_UNKNOWN_MAX 32
/** A larger file is none of an office. */
#define ROSTER_SHEET_MB_MAX 64

/** A value that all rows have, where the file has no such column. */
struct roster_constant {
    enum roster_column column;
    struct text text;
};

struct roster_form {
    const struct roster_words *words;
    uint8_t kind; /* ROSTER_... */
    const struct roster_constant *constants;
    size_t constant_count;
};

/** A cell that cannot be read. */
struct roster_problem {
    long row; /* of the file, as a spreadsheet counts */
    enum roster_column column;
    enum roster_complaint complaint;
};

struct roster_sheet {
    const char *encoding;
    char separator;
    struct roster_raw_row *rows;
    long *numbers; /* of each row, in the file */
    size_t count;
    struct roster_problem *problems; /* empty: everything could be read */
    size_t problem_count;
    struct text unknown[ROSTER_SHEET_UNKNOWN_MAX]; /* headings that nobody knows: not read */
    size_t unknown_count;
};

/** Everything lives in the arena, texts are lent by it or by `bytes`. BAD_VALUE: it is no such list, `fault->text` says
 *  why in Chinese; ARENA_FULL. A list with problems is OK: look at `problem_count`. */
NODISCARD enum status roster_sheet_read(const struct roster_form *form, struct arena *arena, struct text bytes,
    struct roster_sheet *ret_sheet, struct fault *fault);
