/* Offices' files: separated values in any encoding, a list, a hospital's statement. */
#include "fuzz.h"

#include "cli/csv.h"
#include "cli/csv_encoding.h"
#include "cli/roster_outgoing.h"
#include "cli/statement_sheet.h"
#include "consumers/roster_update.h"
#include "state/bytes.h"

#include <stdlib.h>

/* ---- Separated values ---- */

static void write_row(struct bytes_writer *writer, const struct csv_row *row, char separator)
{
    for (size_t i = 0; i < row->count; i++) {
        bytes_put_raw(writer, i == 0 ? "\"" : (const char[]){ separator, '"' }, i == 0 ? 1 : 2);
        for (size_t at = 0; at < row->cells[i].length; at++)
            bytes_put_raw(writer, row->cells[i].at[at] == '"' ? "\"\"" : &row->cells[i].at[at],
                row->cells[i].at[at] == '"' ? 2 : 1);
        bytes_put_raw(writer, "\"", 1);
    }
    bytes_put_raw(writer, "\r\n", 2);
}

/* With every cell in quotes; what cannot be read ends it. */
static struct text quoted(struct arena *arena, struct text text, char separator, long *ret_rows)
{
    struct csv csv = { .rest = text, .separator = separator };
    struct csv_row *row = ARENA_NEW(arena, struct csv_row);
    struct bytes_writer writer = bytes_writer_of(arena, text.length + 16);
    CHECK(row != NULL);
    enum csv_result result;
    *ret_rows = 0;
    while ((result = csv_next(&csv, arena, row)) == CSV_ROW) {
        CHECK(row->count >= 1 && row->count <= CSV_CELLS_MAX);
        write_row(&writer, row, separator);
        ++*ret_rows;
    }
    CHECK(!writer.failed && result != CSV_ARENA_FULL);
    return bytes_written(&writer);
}

static void check_rows(struct arena *arena, struct text text, char separator)
{
    long rows, rows_again;
    struct text once = quoted(arena, text, separator, &rows);
    struct text twice = quoted(arena, once, separator, &rows_again);
    CHECK(rows == rows_again && text_equal(once, twice));
}

void fuzz_csv(struct arena *arena, struct text bytes)
{
    for (int encoding = 0; encoding < CSV_ENCODING_COUNT; encoding++) {
        struct text text;
        enum status status = csv_decode((enum csv_encoding)encoding, arena, bytes, &text);
        CHECK(status == STATUS_OK || status == STATUS_BAD_UTF8);
        if (status != STATUS_OK)
            continue;
        CHECK(text_is_utf8(text));
        check_rows(arena, text, ',');
        check_rows(arena, text, '\t');
    }
}

/* ---- Lists ---- */

static const struct roster_words *words_of_offices(void)
{
    static const struct roster_words *words;
    static struct pack_report report;
    static struct arena *arena; /* for ever */
    if (words == NULL) {
        arena = arena_new((size_t)8 << 20);
        CHECK(roster_words_load(SETTLED_SOURCE_DIR "/cli/roster.yaml", arena, &report, &words) == STATUS_OK);
    }
    return words;
}

/* What is sent of a list that could be read is taken, row by row; a cell longer than a text on the wire is refused with
 * its field. */
static void check_part(struct arena *arena, const struct roster_outgoing *list, int32_t part)
{
    static const struct policy_pack pack = { .region = "140425" };
    static const struct policy_pack *pack_list[] = { &pack };
    static const struct policy_packs packs = { pack_list, 1 };
    static const struct consumer_context context = { &packs };
    struct text value;
    struct roster_part read;
    struct fault fault;
    CHECK(roster_outgoing_part(arena, list, part, &value) == STATUS_OK);
    enum status status = consumer_roster_update_decode(&context, arena, value, &read, &fault);
    CHECK(status == STATUS_OK || status == STATUS_FIELD_TOO_LONG || status == STATUS_TOO_LARGE);
    if (status != STATUS_OK)
        return;
    CHECK(read.part == part && read.row_count == list->firsts[part] - list->firsts[part - 1]);
    for (size_t i = 0; i < read.row_count; i++)
        CHECK(roster_outgoing_row(list, part, (int32_t)i + 1) > 0);
}

/* The first letter is the kind of list, from `1`. */
void fuzz_roster_sheet(struct arena *arena, struct text bytes)
{
    if (text_is_empty(bytes))
        return;
    uint8_t kind = (uint8_t)(ROSTER_HARDSHIP + (uint8_t)(bytes.at[0] - '1') % ROSTER_FUND);
    const struct roster_form form = { .words = words_of_offices(), .kind = kind };
    struct roster_sheet sheet;
    struct roster_outgoing list;
    struct fault fault;
    enum status status =
        roster_sheet_read(&form, arena, (struct text){ bytes.at + 1, bytes.length - 1 }, &sheet, &fault);
    if (status != STATUS_OK) {
        CHECK(status == STATUS_BAD_VALUE);
        fuzz_check_fault(status, &fault);
        return;
    }
    if (sheet.problem_count != 0)
        return;
    const struct roster_header header = { .source = TEXT("s"),
        .region = TEXT("140425"),
        .department = TEXT("d"),
        .kind = kind,
        .category = kind <= ROSTER_UNIT ? CATEGORY_SUBSISTENCE_ALLOWANCE : 0,
        .mode = kind <= ROSTER_UNIT ? ROSTER_FULL : ROSTER_DELTA,
        .stated_on = { 19000 },
        .delivered_on = { 19000 } };
    const instant now = { 1700000000, 0 };
    CHECK(roster_outgoing_make(arena, &header, now, &sheet, &list) == STATUS_OK);
    for (int32_t part = 1; part <= list.header.parts; part++)
        check_part(arena, &list, part);
}

/* ---- A hospital's statement ---- */

void fuzz_statement(struct arena *arena, struct text bytes)
{
    struct statement_sheet sheet;
    struct fault fault;
    enum status status = statement_sheet_read(arena, bytes, &sheet, &fault);
    if (status != STATUS_OK) {
        CHECK(status == STATUS_BAD_VALUE);
        fuzz_check_fault(status, &fault);
        return;
    }
    int64_t sum = 0;
    for (size_t i = 0; i < sheet.count; i++) {
        CHECK(!text_is_empty(sheet.rows[i].encounter) && text_is_utf8(sheet.rows[i].encounter));
        sum += sheet.rows[i].amount.fen;
    }
    if (sheet.problem_count == 0)
        CHECK(sum == sheet.sum.fen);
}
