#include "cli/roster_sheet.h"

#include "cli/csv.h"
#include "cli/csv_encoding.h"
#include "proto/wire.h"

#include <stdio.h>

/** Above the headings offices put a title, a date, who fills it in. */
#define HEADING_ROWS_MAX 20
#define ROWS_AT_FIRST 1024

/* What each cell of a row is. */
struct headings {
    enum roster_column columns[CSV_CELLS_MAX];
    size_t count;
    size_t known; /* how many of them say something: the more, the surer that this is the heading row */
};

struct reading {
    const struct roster_form *form;
    struct arena *arena;
    struct fault *fault;
    struct roster_sheet *sheet;
    size_t row_capacity, problem_capacity;
    struct csv csv; /* stands behind the heading row */
    struct headings headings;
};

static enum status complain(struct reading *reading, const char *sentence)
{
    return fault_set(reading->fault, STATUS_BAD_VALUE, "", "%s", sentence);
}

/* ---- The heading row ---- */

/* Without this column a row is no heading row. */
static enum roster_column anchor(uint8_t kind)
{
    return kind == ROSTER_FUND ? ROSTER_COLUMN_FUND : ROSTER_COLUMN_PERSON_ID;
}

static bool has_column(const struct headings *headings, enum roster_column column)
{
    for (size_t i = 0; i < headings->count; i++)
        if (headings->columns[i] == column)
            return true;
    return false;
}

static void read_headings(struct reading *reading, const struct csv_row *row, struct headings *headings)
{
    *headings = (struct headings){ .count = row->count };
    for (size_t i = 0; i < row->count; i++) {
        headings->columns[i] =
            roster_words_column(reading->form->words, reading->arena, row->cells[i], reading->form->kind);
        headings->known += headings->columns[i] < ROSTER_COLUMN_COUNT;
    }
}

/* Looks for the heading row of a text that is parted so; keeps the one with the most columns known. */
static void try_separator(struct reading *reading, enum csv_encoding encoding, struct text text, char separator)
{
    struct csv csv = { .rest = text, .separator = separator };
    struct csv_row row;
    for (int i = 0; i < HEADING_ROWS_MAX && csv_next(&csv, reading->arena, &row) == CSV_ROW; i++) {
        struct headings headings;
        read_headings(reading, &row, &headings);
        if (!has_column(&headings, anchor(reading->form->kind)) || headings.known <= reading->headings.known)
            continue;
        reading->headings = headings;
        reading->csv = csv;
        reading->sheet->encoding = csv_encoding_name(encoding);
        reading->sheet->separator = separator;
        reading->sheet->unknown_count = 0;
        for (size_t c = 0; c < row.count && reading->sheet->unknown_count < ROSTER_SHEET_UNKNOWN_MAX; c++)
            if (headings.columns[c] == ROSTER_COLUMN_UNKNOWN)
                reading->sheet->unknown[reading->sheet->unknown_count++] = row.cells[c];
    }
}

/* Short Chinese text in GB18030 can be well-formed UTF-8 by chance: the encoding is the one in which the headings can
 * be read. */
static enum status find_headings(struct reading *reading, struct text bytes)
{
    static const char separators[] = { ',', '\t', ';' };
    bool is_text = false;
    for (unsigned encoding = 0; encoding < CSV_ENCODING_COUNT; encoding++) {
        struct text text;
        enum status status = csv_decode((enum csv_encoding)encoding, reading->arena, bytes, &text);
        if (status == STATUS_ARENA_FULL || status == STATUS_SYSTEM)
            return status;
        is_text |= status == STATUS_OK;
        for (size_t i = 0; i < COUNT_OF(separators) && status == STATUS_OK; i++)
            try_separator(reading, (enum csv_encoding)encoding, text, separators[i]);
        if (reading->headings.known > 0)
            return STATUS_OK;
    }
    if (is_text)
        return complain(reading, "前20行里找不到表头：表头中须有“身份证号”一类的列（基金收入为“基金”）");
    return complain(reading, "不是CSV文本：认得的编码是UTF-8、GB18030和带标记的UTF-16（Excel工作簿请另存为CSV）");
}

static bool has_constant(const struct roster_form *form, enum roster_column column)
{
    for (size_t i = 0; i < form->constant_count; i++)
        if (form->constants[i].column == column)
            return true;
    return false;
}

static bool is_given(const struct reading *reading, enum roster_column column)
{
    return has_column(&reading->headings, column) || has_constant(reading->form, column);
}

/* The same amount may come in yuan or in fen; in both would be one too many. */
static const enum roster_column in_fen[ROSTER_COLUMN_COUNT] = {
    [ROSTER_COLUMN_AMOUNT] = ROSTER_COLUMN_AMOUNT_FEN,
    [ROSTER_COLUMN_ACCOUNT_CREDIT] = ROSTER_COLUMN_ACCOUNT_CREDIT_FEN,
    [ROSTER_COLUMN_PREMIUM] = ROSTER_COLUMN_PREMIUM_FEN,
};

static enum status check_required(struct reading *reading)
{
    for (unsigned i = 0; i < ROSTER_COLUMN_COUNT; i++) {
        enum roster_column column = (enum roster_column)i;
        bool is_required = (roster_columns[column].required >> reading->form->kind & 1) != 0;
        bool is_there = is_given(reading, column) || (in_fen[column] != 0 && is_given(reading, in_fen[column]));
        if (is_required && !is_there) {
            struct text title = roster_words_heading(reading->form->words, column);
            return fault_set(reading->fault, STATUS_BAD_VALUE, "", "表头缺少“%.*s”列（或用 --set %s=… 给出）",
                TEXT_FORMAT(title), roster_columns[column].key);
        }
    }
    return STATUS_OK;
}

static enum status check_repeated(struct reading *reading)
{
    const struct headings *headings = &reading->headings;
    for (unsigned column = 0; column < ROSTER_COLUMN_COUNT; column++) {
        size_t count = 0;
        for (size_t i = 0; i < headings->count; i++)
            count += headings->columns[i] == column || (in_fen[column] != 0 && headings->columns[i] == in_fen[column]);
        if (count > 1)
            return fault_set(reading->fault, STATUS_BAD_VALUE, "", "表头中有%zu列都是“%.*s”", count,
                TEXT_FORMAT(roster_words_heading(reading->form->words, (enum roster_column)column)));
    }
    return STATUS_OK;
}

/* ---- Rows ---- */

/* A row in the making. */
struct row {
    struct roster_raw_row raw;
    struct roster_attribute attributes[ROSTER_SHEET_ATTRIBUTES_MAX];
    long number;
    bool has_id; /* readable or not */
    bool has_problem;
};

static void add_problem(
    struct reading *reading, struct row *row, enum roster_column column, enum roster_complaint complaint)
{
    struct roster_sheet *sheet = reading->sheet;
    row->has_problem = true;
    row->has_id |= column == ROSTER_COLUMN_PERSON_ID;
    if (sheet->problem_count == reading->problem_capacity) {
        size_t capacity = reading->problem_capacity + ROWS_AT_FIRST + reading->problem_capacity;
        struct roster_problem *problems =
            arena_grow(reading->arena, sheet->problems, sheet->problem_count, capacity, sizeof *problems);
        if (problems == NULL)
            return;
        sheet->problems = problems;
        reading->problem_capacity = capacity;
    }
    sheet->problems[sheet->problem_count++] = (struct roster_problem){ row->number, column, complaint };
}

static void put_value(struct row *row, enum roster_column column, struct text value)
{
    const char *attribute = roster_columns[column].attribute;
    if (value.length == 0)
        return;
    if (attribute != NULL) {
        CHECK(row->raw.attribute_count < ROSTER_SHEET_ATTRIBUTES_MAX);
        row->attributes[row->raw.attribute_count++] = (struct roster_attribute){ text_of(attribute), value };
    } else if (column == ROSTER_COLUMN_PERSON_ID)
        row->raw.person_id = value;
    else if (column == ROSTER_COLUMN_NAME)
        row->raw.name = value;
    else if (column == ROSTER_COLUMN_FROM)
        row->raw.from = value;
    else if (column == ROSTER_COLUMN_ACTION)
        row->raw.action = text_equal(value, TEXT("REMOVE")) ? 2 : 1;
}

static void read_cell(struct reading *reading, struct row *row, enum roster_column column, struct text cell)
{
    struct text text, value;
    enum roster_complaint complaint = roster_cell_read(roster_columns[column].cell, reading->arena, cell, &text);
    bool is_text = roster_columns[column].attribute != NULL;
    if (complaint == ROSTER_COMPLAINT_NONE)
        complaint = roster_words_value(reading->form->words, column, text, &value);
    if (complaint == ROSTER_COMPLAINT_NONE && value.length > (is_text ? WIRE_TEXT_LIMIT : WIRE_NAME_LIMIT))
        complaint = ROSTER_COMPLAINT_TOO_LONG;
    if (complaint != ROSTER_COMPLAINT_NONE)
        add_problem(reading, row, column, complaint);
    else
        put_value(row, column, value);
}

static bool is_empty(struct arena *arena, const struct csv_row *cells)
{
    size_t mark = arena_mark(arena);
    bool has_text = false;
    for (size_t i = 0; i < cells->count && !has_text; i++)
        has_text = roster_cell_plain(arena, cells->cells[i]).length > 0;
    arena_rewind(arena, mark);
    return !has_text;
}

/* A cell beyond the headings means that the cells before it have moved. */
static bool has_text_beyond(struct reading *reading, const struct csv_row *cells)
{
    struct csv_row beyond = { .count = 0 };
    for (size_t i = reading->headings.count; i < cells->count; i++)
        beyond.cells[beyond.count++] = cells->cells[i];
    return !is_empty(reading->arena, &beyond);
}

static void read_cells(struct reading *reading, const struct csv_row *cells, struct row *row)
{
    const struct roster_form *form = reading->form;
    size_t count = cells->count < reading->headings.count ? cells->count : reading->headings.count;
    for (size_t i = 0; i < count; i++)
        if (reading->headings.columns[i] < ROSTER_COLUMN_COUNT)
            read_cell(reading, row, reading->headings.columns[i], cells->cells[i]);
    for (size_t i = 0; i < form->constant_count; i++)
        if (!has_column(&reading->headings, form->constants[i].column))
            read_cell(reading, row, form->constants[i].column, form->constants[i].text);
    bool has_person = (roster_columns[ROSTER_COLUMN_PERSON_ID].kinds >> form->kind & 1) != 0;
    if (has_person && !row->has_id && row->raw.person_id.length == 0)
        add_problem(reading, row, ROSTER_COLUMN_PERSON_ID, ROSTER_COMPLAINT_MISSING);
    if (has_text_beyond(reading, cells))
        add_problem(reading, row, ROSTER_COLUMN_UNKNOWN, ROSTER_COMPLAINT_NO_COLUMN);
}

static bool make_room(struct reading *reading)
{
    struct roster_sheet *sheet = reading->sheet;
    if (sheet->count < reading->row_capacity)
        return true;
    size_t capacity = 2 * reading->row_capacity + ROWS_AT_FIRST;
    struct roster_raw_row *rows = arena_grow(reading->arena, sheet->rows, sheet->count, capacity, sizeof *rows);
    long *numbers = arena_grow(reading->arena, sheet->numbers, sheet->count, capacity, sizeof *numbers);
    if (rows == NULL || numbers == NULL)
        return false;
    sheet->rows = rows;
    sheet->numbers = numbers;
    reading->row_capacity = capacity;
    return true;
}

static enum status keep_row(struct reading *reading, const struct row *row)
{
    struct roster_sheet *sheet = reading->sheet;
    struct roster_attribute *attributes =
        ARENA_ARRAY(reading->arena, row->raw.attribute_count, struct roster_attribute);
    if (attributes == NULL || !make_room(reading))
        return STATUS_ARENA_FULL;
    memcpy(attributes, row->attributes, row->raw.attribute_count * sizeof *attributes);
    sheet->numbers[sheet->count] = row->number;
    sheet->rows[sheet->count] = row->raw;
    sheet->rows[sheet->count++].attributes = attributes;
    return STATUS_OK;
}

static enum status take_row(struct reading *reading, const struct csv_row *cells)
{
    struct row row = { .number = reading->csv.row };
    row.raw.person_id = row.raw.name = row.raw.from = TEXT_EMPTY;
    if (is_empty(reading->arena, cells))
        return STATUS_OK;
    read_cells(reading, cells, &row);
    return row.has_problem ? STATUS_OK : keep_row(reading, &row);
}

static enum status read_rows(struct reading *reading)
{
    struct csv_row cells;
    enum csv_result result;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && (result = csv_next(&reading->csv, reading->arena, &cells)) == CSV_ROW)
        status = take_row(reading, &cells);
    if (status != STATUS_OK || result == CSV_END)
        return status;
    if (result == CSV_ARENA_FULL)
        return STATUS_ARENA_FULL;
    return fault_set(reading->fault, STATUS_BAD_VALUE, "", "第%ld行：%s", reading->csv.row,
        result == CSV_TOO_WIDE ? "格数过多" : "引号没有配对");
}

enum status roster_sheet_read(const struct roster_form *form, struct arena *arena, struct text bytes,
    struct roster_sheet *ret_sheet, struct fault *fault)
{
    struct roster_sheet sheet = { .count = 0 };
    struct reading reading = { .form = form, .arena = arena, .fault = fault, .sheet = &sheet };
    enum status status = find_headings(&reading, bytes);
    if (status == STATUS_OK)
        status = check_repeated(&reading);
    if (status == STATUS_OK)
        status = check_required(&reading);
    if (status == STATUS_OK)
        status = read_rows(&reading);
    if (status == STATUS_OK && sheet.count + sheet.problem_count == 0)
        status = complain(&reading, "表头下面一行也没有");
    if (status == STATUS_OK && arena_is_full(arena))
        status = STATUS_ARENA_FULL;
    if (status == STATUS_OK)
        *ret_sheet = sheet;
    return status;
}
