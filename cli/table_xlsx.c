/* XLSX by libxlsxwriter, a row in memory at a time. An amount is the double nearest to its yuan, written with 16
 * digits: more than any sum of fen here has, so that it reads back to the fen. */
#include "base/day.h"
#include "cli/table_format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#define KINDS (TABLE_DAY + 1)

struct table_writer {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *formats[KINDS], *totals[KINDS], *heading;
    const struct table_column *columns;
    size_t count;
    lxw_row_t row;
    bool failed;
};

static lxw_col_t col(size_t column)
{
    return (lxw_col_t)column;
}

static void note(struct table_writer *writer, lxw_error error)
{
    writer->failed |= error != LXW_NO_ERROR;
}

static double yuan_of(int64_t fen)
{
    return (double)fen / 100.0;
}

static double value_of(enum table_kind kind, int64_t number)
{
    return kind == TABLE_YUAN ? yuan_of(number) : (double)number;
}

/* ---- Cells ---- */

static lxw_error put_day(struct table_writer *writer, size_t column, const char *text)
{
    day date;
    if (!day_parse(text, strlen(text), &date))
        return worksheet_write_string(writer->sheet, writer->row, col(column), text, writer->formats[TABLE_TEXT]);
    struct day_parts parts = day_parts(date);
    lxw_datetime datetime = { .year = parts.year, .month = parts.month, .day = parts.day };
    return worksheet_write_datetime(writer->sheet, writer->row, col(column), &datetime, writer->formats[TABLE_DAY]);
}

static void put_cell(struct table_writer *writer, size_t column, const struct table_cell *cell)
{
    enum table_kind kind = writer->columns[column].kind;
    lxw_format *format = writer->formats[kind];
    if (cell->text == NULL)
        return;
    if (kind == TABLE_DAY)
        note(writer, put_day(writer, column, cell->text));
    else if (kind == TABLE_TEXT)
        note(writer, worksheet_write_string(writer->sheet, writer->row, col(column), cell->text, format));
    else
        note(writer,
            worksheet_write_number(writer->sheet, writer->row, col(column), value_of(kind, cell->number), format));
}

static bool add(struct table_writer *writer, const struct table_cell *cells)
{
    for (size_t i = 0; i < writer->count; i++)
        put_cell(writer, i, &cells[i]);
    writer->row++;
    return !writer->failed;
}

static void put_sum(struct table_writer *writer, size_t column, int64_t sum)
{
    char formula[64], first[LXW_MAX_CELL_NAME_LENGTH], last[LXW_MAX_CELL_NAME_LENGTH];
    enum table_kind kind = writer->columns[column].kind;
    lxw_format *format = writer->totals[kind];
    if (writer->row == 1) { /* a sum over no rows would begin with its own cell */
        note(writer, worksheet_write_number(writer->sheet, writer->row, col(column), 0, format));
        return;
    }
    lxw_rowcol_to_cell(first, 1, col(column));
    lxw_rowcol_to_cell(last, writer->row - 1, col(column));
    snprintf(formula, sizeof formula, "=SUM(%s:%s)", first, last);
    note(writer,
        worksheet_write_formula_num(writer->sheet, writer->row, col(column), formula, format, value_of(kind, sum)));
}

static bool add_total(struct table_writer *writer, const struct table_cell *sums)
{
    note(writer, worksheet_write_string(writer->sheet, writer->row, 0, TABLE_TOTAL, writer->heading));
    for (size_t i = 1; i < writer->count; i++)
        if (sums[i].text != NULL)
            put_sum(writer, i, sums[i].number);
    writer->row++;
    return !writer->failed;
}

/* ---- The book ---- */

static lxw_format *new_format(struct table_writer *writer, const char *number, bool is_bold)
{
    lxw_format *format = workbook_add_format(writer->book);
    CHECK(format != NULL);
    if (number != NULL)
        format_set_num_format(format, number);
    if (is_bold)
        format_set_bold(format);
    return format;
}

static void make_formats(struct table_writer *writer)
{
    static const char *const numbers[KINDS] = { [TABLE_TEXT] = "@",
        [TABLE_YUAN] = "#,##0.00",
        [TABLE_COUNT] = "0",
        [TABLE_NUMBER] = "0",
        [TABLE_DAY] = "yyyy-mm-dd" };
    for (size_t kind = 0; kind < KINDS; kind++) {
        writer->formats[kind] = new_format(writer, numbers[kind], false);
        writer->totals[kind] = new_format(writer, numbers[kind], true);
    }
    writer->heading = new_format(writer, NULL, true);
    format_set_align(writer->heading, LXW_ALIGN_CENTER);
}

static void write_headings(struct table_writer *writer)
{
    for (size_t i = 0; i < writer->count; i++) {
        note(writer, worksheet_set_column(writer->sheet, col(i), col(i), writer->columns[i].width, NULL));
        note(writer, worksheet_write_string(writer->sheet, 0, col(i), writer->columns[i].heading, writer->heading));
    }
    worksheet_freeze_panes(writer->sheet, 1, 0);
    worksheet_repeat_rows(writer->sheet, 0, 0);
    worksheet_set_landscape(writer->sheet);
    worksheet_set_paper(writer->sheet, 9); /* A4 */
    worksheet_fit_to_pages(writer->sheet, 1, 0);
    writer->row = 1;
}

/* The library opens the file only when all is written; whether it can be is better known before. */
static bool can_be_written(const char *path)
{
    FILE *stream = fopen(path, "wbe");
    return stream != NULL && fclose(stream) == 0;
}

static struct table_writer *open_xlsx(const char *path, const struct table_form *form)
{
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    if (!can_be_written(path))
        return NULL;
    struct table_writer *writer = calloc(1, sizeof *writer);
    CHECK(writer != NULL);
    writer->columns = form->columns;
    writer->count = form->count;
    writer->book = workbook_new_opt(path, &options);
    CHECK(writer->book != NULL);
    writer->sheet = workbook_add_worksheet(writer->book, form->title);
    CHECK(writer->sheet != NULL);
    make_formats(writer);
    write_headings(writer);
    return writer;
}

static bool close_xlsx(struct table_writer *writer)
{
    bool good = workbook_close(writer->book) == LXW_NO_ERROR && !writer->failed;
    free(writer);
    return good;
}

const struct table_format table_xlsx = { ".xlsx", LXW_ROW_MAX, open_xlsx, add, add_total, close_xlsx };
