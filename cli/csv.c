#include "cli/csv.h"

static bool ends_cell(const struct csv *csv, size_t at)
{
    if (at == csv->rest.length)
        return true;
    char c = csv->rest.at[at];
    return c == csv->separator || c == '\n' || c == '\r';
}

/* What is left after `length` bytes. */
static void skip(struct csv *csv, size_t length)
{
    csv->rest.at += length;
    csv->rest.length -= length;
}

/* A quote inside of an unquoted cell is a letter like any other: offices write 5" and mean it. */
static struct text plain_cell(struct csv *csv)
{
    size_t length = 0;
    while (!ends_cell(csv, length))
        length++;
    struct text cell = { csv->rest.at, length };
    skip(csv, length);
    return cell;
}

static enum csv_result undouble(struct arena *arena, struct text quoted, struct text *ret_cell)
{
    char *copy = arena_take(arena, quoted.length);
    size_t length = 0;
    if (copy == NULL)
        return CSV_ARENA_FULL;
    for (size_t i = 0; i < quoted.length; i++) {
        copy[length++] = quoted.at[i];
        i += quoted.at[i] == '"';
    }
    *ret_cell = (struct text){ copy, length };
    return CSV_ROW;
}

static enum csv_result quoted_cell(struct csv *csv, struct arena *arena, struct text *ret_cell)
{
    struct text rest = csv->rest;
    bool has_doubled = false;
    size_t end = 1;
    while (end < rest.length && (rest.at[end] != '"' || (end + 1 < rest.length && rest.at[end + 1] == '"'))) {
        has_doubled |= rest.at[end] == '"';
        end += rest.at[end] == '"' ? 2 : 1;
    }
    if (end >= rest.length || !ends_cell(csv, end + 1))
        return CSV_BAD_QUOTE;
    *ret_cell = (struct text){ rest.at + 1, end - 1 };
    skip(csv, end + 1);
    return has_doubled ? undouble(arena, *ret_cell, ret_cell) : CSV_ROW;
}

static enum csv_result next_cell(struct csv *csv, struct arena *arena, struct csv_row *row)
{
    if (row->count == CSV_CELLS_MAX)
        return CSV_TOO_WIDE;
    struct text *cell = &row->cells[row->count++];
    if (csv->rest.length > 0 && csv->rest.at[0] == '"')
        return quoted_cell(csv, arena, cell);
    *cell = plain_cell(csv);
    return CSV_ROW;
}

static void skip_line_end(struct csv *csv)
{
    bool is_pair = csv->rest.length > 1 && csv->rest.at[0] == '\r' && csv->rest.at[1] == '\n';
    if (csv->rest.length > 0)
        skip(csv, is_pair ? 2 : 1);
}

enum csv_result csv_next(struct csv *csv, struct arena *arena, struct csv_row *ret_row)
{
    if (csv->rest.length == 0)
        return CSV_END;
    csv->row++;
    ret_row->count = 0;
    for (;;) {
        enum csv_result result = next_cell(csv, arena, ret_row);
        if (result != CSV_ROW)
            return result;
        if (csv->rest.length == 0 || csv->rest.at[0] != csv->separator)
            break;
        skip(csv, 1);
    }
    skip_line_end(csv);
    return CSV_ROW;
}
