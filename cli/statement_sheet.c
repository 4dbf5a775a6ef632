#include "cli/statement_sheet.h"

#include "cli/csv.h"
#include "cli/csv_encoding.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/** Above the headings there is a title, who fills it in, the period. */
#define HEADING_ROWS_MAX 20
#define NO_COLUMN STATEMENT_COLUMN_COUNT

struct column_kind {
    bool is_required;
    const char *spellings;
};

static const struct column_kind kinds[STATEMENT_COLUMN_COUNT] = {
#define COLUMN(name, required, spellings) { required, spellings },
#include "cli/statement_column.def"
#undef COLUMN
};

struct reading {
    struct arena *arena;
    struct statement_sheet *sheet;
    struct csv csv;                               /* stands behind the heading row */
    enum statement_column columns[CSV_CELLS_MAX]; /* of each cell */
    size_t column_count, row_capacity, problem_capacity;
};

/* ---- Headings ---- */

struct text statement_heading(enum statement_column column)
{
    const char *spellings = kinds[column].spellings;
    return (struct text){ spellings, strcspn(spellings, " ") };
}

static bool is_among(struct text heading, const char *spellings)
{
    for (size_t length; *spellings != '\0'; spellings += length + strspn(spellings + length, " ")) {
        length = strcspn(spellings, " ");
        if (length == heading.length && strncasecmp(spellings, heading.at, length) == 0)
            return true;
    }
    return false;
}

/* What stands in brackets behind a heading is a unit or a remark, unless it makes the unit another one: 万元. */
static struct text without_remark(struct text heading)
{
    const char *bracket = heading.length == 0 ? NULL : memchr(heading.at, '(', heading.length);
    if (bracket == NULL || memmem(heading.at, heading.length, "万", strlen("万")) != NULL)
        return heading;
    return (struct text){ heading.at, (size_t)(bracket - heading.at) };
}

static enum statement_column column_of(struct arena *arena, struct text cell)
{
    struct text heading = without_remark(roster_cell_plain(arena, cell));
    for (unsigned i = 0; i < STATEMENT_COLUMN_COUNT; i++)
        if (is_among(heading, kinds[i].spellings))
            return (enum statement_column)i;
    return NO_COLUMN;
}

static size_t count_column(const struct reading *reading, enum statement_column column)
{
    size_t count = 0;
    for (size_t i = 0; i < reading->column_count; i++)
        count += reading->columns[i] == column;
    return count;
}

static bool has_required(const struct reading *reading)
{
    for (unsigned i = 0; i < STATEMENT_COLUMN_COUNT; i++)
        if (kinds[i].is_required && count_column(reading, (enum statement_column)i) == 0)
            return false;
    return true;
}

static bool find_in_text(struct reading *reading, struct text text, char separator)
{
    struct csv_row row;
    reading->csv = (struct csv){ .rest = text, .separator = separator };
    for (int i = 0; i < HEADING_ROWS_MAX && csv_next(&reading->csv, reading->arena, &row) == CSV_ROW; i++) {
        reading->column_count = row.count;
        for (size_t c = 0; c < row.count; c++)
            reading->columns[c] = column_of(reading->arena, row.cells[c]);
        if (has_required(reading))
            return true;
    }
    return false;
}

/* The encoding is the one in which the headings can be read. */
static enum status find_headings(struct reading *reading, struct text bytes, struct fault *fault)
{
    static const char separators[] = { ',', '\t', ';' };
    for (unsigned encoding = 0; encoding < CSV_ENCODING_COUNT; encoding++) {
        struct text text;
        enum status status = csv_decode((enum csv_encoding)encoding, reading->arena, bytes, &text);
        if (status == STATUS_ARENA_FULL || status == STATUS_SYSTEM)
            return status;
        for (size_t i = 0; i < COUNT_OF(separators) && status == STATUS_OK; i++)
            if (find_in_text(reading, text, separators[i]))
                return STATUS_OK;
    }
    return fault_set(fault, STATUS_BAD_VALUE, "",
        "前20行里找不到表头：表头中须有“%.*s”和“%.*s”一类的列（CSV文本，UTF-8或GB18030）",
        TEXT_FORMAT(statement_heading(STATEMENT_COLUMN_ENCOUNTER)),
        TEXT_FORMAT(statement_heading(STATEMENT_COLUMN_AMOUNT)));
}

static enum status check_repeated(const struct reading *reading, struct fault *fault)
{
    for (unsigned i = 0; i < STATEMENT_COLUMN_COUNT; i++)
        if (count_column(reading, (enum statement_column)i) > 1)
            return fault_set(fault, STATUS_BAD_VALUE, "", "表头中有几列都是“%.*s”：请只留一列",
                TEXT_FORMAT(statement_heading((enum statement_column)i)));
    return STATUS_OK;
}

/* ---- Rows ---- */

static void *room(struct reading *reading, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wider = *capacity == 0 ? 1024 : 2 * *capacity;
    void *grown = arena_grow(reading->arena, items, count, wider, size);
    if (grown != NULL)
        *capacity = wider;
    return grown;
}

static enum status add_problem(struct reading *reading, enum statement_column column, enum roster_complaint complaint)
{
    struct statement_sheet *sheet = reading->sheet;
    struct statement_problem *problems =
        room(reading, sheet->problems, sheet->problem_count, &reading->problem_capacity, sizeof *problems);
    if (problems == NULL)
        return STATUS_ARENA_FULL;
    sheet->problems = problems;
    sheet->problems[sheet->problem_count++] = (struct statement_problem){ reading->csv.row, column, complaint };
    return STATUS_OK;
}

/* 1.40425E+17: Excel has made a number of an encounter's name, and of its last digits zeros. */
static bool is_scientific(struct text text)
{
    size_t digits = 0;
    for (size_t i = 0; i + 1 < text.length; i++) {
        if ((text.at[i] == 'E' || text.at[i] == 'e') && text.at[i + 1] == '+')
            return digits > 0;
        if (!isdigit((unsigned char)text.at[i]) && text.at[i] != '.')
            return false;
        digits++;
    }
    return false;
}

static bool is_word_of_total(struct text cell)
{
    return text_equal(cell, TEXT("合计")) || text_equal(cell, TEXT("总计")) || text_equal(cell, TEXT("共计"));
}

/* A total stands in any of the first columns; a subtotal is no row either. */
enum row_kind { ROW_EMPTY, ROW_DETAIL, ROW_TOTAL, ROW_SUBTOTAL };

static enum row_kind kind_of(struct arena *arena, const struct csv_row *cells)
{
    enum row_kind kind = ROW_EMPTY;
    for (size_t i = 0; i < cells->count; i++) {
        struct text cell = roster_cell_plain(arena, cells->cells[i]);
        if (is_word_of_total(cell))
            return ROW_TOTAL;
        if (text_equal(cell, TEXT("小计")) || text_equal(cell, TEXT("本页小计")))
            return ROW_SUBTOTAL;
        if (cell.length > 0)
            kind = ROW_DETAIL;
    }
    return kind;
}

static struct text cell_of(const struct reading *reading, const struct csv_row *cells, enum statement_column column)
{
    for (size_t i = 0; i < reading->column_count && i < cells->count; i++)
        if (reading->columns[i] == column)
            return cells->cells[i];
    return TEXT_EMPTY;
}

static enum roster_complaint read_amount(struct reading *reading, const struct csv_row *cells, money *ret_amount)
{
    struct text fen;
    enum roster_complaint complaint =
        roster_cell_read(ROSTER_CELL_YUAN, reading->arena, cell_of(reading, cells, STATEMENT_COLUMN_AMOUNT), &fen);
    if (complaint != ROSTER_COMPLAINT_NONE)
        return complaint;
    if (fen.length == 0)
        return ROSTER_COMPLAINT_MISSING;
    const char *digits = arena_copy(reading->arena, fen.at, fen.length);
    *ret_amount = MONEY_FEN(digits == NULL ? 0 : strtoll(digits, NULL, 10));
    return ROSTER_COMPLAINT_NONE;
}

static enum roster_complaint read_person(struct reading *reading, const struct csv_row *cells, struct text *ret_person)
{
    return roster_cell_read(
        ROSTER_CELL_ID, reading->arena, cell_of(reading, cells, STATEMENT_COLUMN_PERSON), ret_person);
}

static enum roster_complaint read_encounter(
    struct reading *reading, const struct csv_row *cells, struct text *ret_encounter)
{
    struct text text = roster_cell_plain(reading->arena, cell_of(reading, cells, STATEMENT_COLUMN_ENCOUNTER));
    *ret_encounter = text;
    if (text.length == 0)
        return ROSTER_COMPLAINT_MISSING;
    return is_scientific(text) ? ROSTER_COMPLAINT_SCIENTIFIC : ROSTER_COMPLAINT_NONE;
}

static enum status keep_row(struct reading *reading, const struct statement_row *row)
{
    struct statement_sheet *sheet = reading->sheet;
    struct statement_row *rows = room(reading, sheet->rows, sheet->count, &reading->row_capacity, sizeof *rows);
    if (rows == NULL)
        return STATUS_ARENA_FULL;
    sheet->rows = rows;
    sheet->rows[sheet->count++] = *row;
    sheet->sum = money_add(sheet->sum, row->amount);
    return STATUS_OK;
}

static enum status take_detail(struct reading *reading, const struct csv_row *cells)
{
    struct statement_row row = { .number = reading->csv.row };
    enum roster_complaint complaints[STATEMENT_COLUMN_COUNT] = { ROSTER_COMPLAINT_NONE };
    complaints[STATEMENT_COLUMN_ENCOUNTER] = read_encounter(reading, cells, &row.encounter);
    complaints[STATEMENT_COLUMN_AMOUNT] = read_amount(reading, cells, &row.amount);
    complaints[STATEMENT_COLUMN_PERSON] = read_person(reading, cells, &row.person);
    row.institution = roster_cell_plain(reading->arena, cell_of(reading, cells, STATEMENT_COLUMN_INSTITUTION));
    size_t before = reading->sheet->problem_count;
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < STATEMENT_COLUMN_COUNT && status == STATUS_OK; i++)
        if (complaints[i] != ROSTER_COMPLAINT_NONE)
            status = add_problem(reading, (enum statement_column)i, complaints[i]);
    return status == STATUS_OK && reading->sheet->problem_count == before ? keep_row(reading, &row) : status;
}

static enum status take_total(struct reading *reading, const struct csv_row *cells)
{
    struct statement_sheet *sheet = reading->sheet;
    enum roster_complaint complaint = read_amount(reading, cells, &sheet->total);
    sheet->has_total = true;
    sheet->total_number = reading->csv.row;
    return complaint == ROSTER_COMPLAINT_NONE ? STATUS_OK : add_problem(reading, STATEMENT_COLUMN_AMOUNT, complaint);
}

static enum status read_rows(struct reading *reading, struct fault *fault)
{
    struct csv_row cells;
    enum csv_result result;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && (result = csv_next(&reading->csv, reading->arena, &cells)) == CSV_ROW) {
        enum row_kind kind = kind_of(reading->arena, &cells);
        if (kind == ROW_DETAIL)
            status = take_detail(reading, &cells);
        else if (kind == ROW_TOTAL)
            status = take_total(reading, &cells);
    }
    if (status != STATUS_OK || result == CSV_END)
        return status;
    if (result == CSV_ARENA_FULL)
        return STATUS_ARENA_FULL;
    return fault_set(fault, STATUS_BAD_VALUE, "", "第%ld行：%s", reading->csv.row,
        result == CSV_TOO_WIDE ? "格数过多" : "引号没有配对");
}

enum status statement_sheet_read(
    struct arena *arena, struct text bytes, struct statement_sheet *ret_sheet, struct fault *fault)
{
    struct statement_sheet sheet = { .count = 0 };
    struct reading reading = { .arena = arena, .sheet = &sheet };
    enum status status = find_headings(&reading, bytes, fault);
    if (status == STATUS_OK)
        status = check_repeated(&reading, fault);
    if (status == STATUS_OK)
        status = read_rows(&reading, fault);
    if (status == STATUS_OK && arena_is_full(arena))
        status = STATUS_ARENA_FULL;
    if (status == STATUS_OK)
        *ret_sheet = sheet;
    return status;
}
