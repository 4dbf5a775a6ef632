/* Rows as spreadsheets write them; each case is a file, and what its rows are: cells in brackets. */
#include "cli/csv.h"
#include "cli/csv_encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define ARENA_BYTES ((size_t)1 << 20)

static void print_row(const struct csv *csv, const struct csv_row *row, char *to, size_t size)
{
    size_t used = strlen(to);
    used += (size_t)snprintf(to + used, size - used, "%ld", csv->row);
    for (size_t i = 0; i < row->count; i++)
        used += (size_t)snprintf(to + used, size - used, "[%.*s]", TEXT_FORMAT(row->cells[i]));
}

static void check(char separator, const char *file, const char *expected)
{
    static const char *const ends[] = { "", "", " bad quote", " too wide", " arena" };
    char said[512] = "";
    struct arena *arena = arena_new(ARENA_BYTES);
    struct csv csv = { .rest = text_of(file), .separator = separator };
    struct csv_row row;
    enum csv_result result;
    while ((result = csv_next(&csv, arena, &row)) == CSV_ROW)
        print_row(&csv, &row, said, sizeof said);
    strcat(said, ends[result]);
    assert_string_equal(said, expected);
    arena_free(arena);
}

static void test_quotes_that_do_not_match(void **state)
{
    (void)state;
    check(',', "\"", " bad quote");
    check(',', "a,\"b", " bad quote");
    check(',', "a\n\"b\"c,d\n", "1[a] bad quote");
    check(',', "\"a\"\"", " bad quote");
    check(',', "\"a\" ,b", " bad quote");
}

static void test_rows(void **state)
{
    (void)state;
    check(',', "", "");
    check(',', "a", "1[a]");
    check(',', "a,b\nc,d", "1[a][b]2[c][d]");
    check(',', "a,b\r\nc,d\r\n", "1[a][b]2[c][d]");
    check(',', "a\rb\r", "1[a]2[b]");
    check(',', "a\n\n\nb", "1[a]2[]3[]4[b]");
    check(',', ",", "1[][]");
    check(',', "a,,b,\n", "1[a][][b][]");
    check('\t', "a,b\tc;d\n", "1[a,b][c;d]");
    check(';', "a,b;c\n", "1[a,b][c]");
}

static void test_quoted_cells(void **state)
{
    (void)state;
    check(',', "\"\"", "1[]");
    check(',', "\"\",\"\"\n", "1[][]");
    check(',', "\"a,b\",c\n", "1[a,b][c]");
    check(',', "\"a\"\"b\"\n", "1[a\"b]");
    check(',', "\"\"\"\"\n", "1[\"]");
    check(',', "\"\"\"a\"\"\"\n", "1[\"a\"]");
    check(',', "\"a\nb\",c\nd", "1[a\nb][c]2[d]");
    check(',', "\"a\r\nb\"\r\nd", "1[a\r\nb]2[d]");
    check(',', "5\",a\"b\n", "1[5\"][a\"b]");
    check(',', " \"a\"\n", "1[ \"a\"]");
}

static void test_width(void **state)
{
    (void)state;
    char file[CSV_CELLS_MAX + 1];
    struct arena *arena = arena_new(ARENA_BYTES);
    struct csv_row row;
    memset(file, ',', sizeof file);
    struct csv fits = { .rest = { file, CSV_CELLS_MAX - 1 }, .separator = ',' };
    assert_int_equal(csv_next(&fits, arena, &row), CSV_ROW);
    assert_int_equal(row.count, CSV_CELLS_MAX);
    struct csv wide = { .rest = { file, CSV_CELLS_MAX }, .separator = ',' };
    assert_int_equal(csv_next(&wide, arena, &row), CSV_TOO_WIDE);
    arena_free(arena);
}

/* expected NULL: not text in this encoding. */
static void check_decode(enum csv_encoding encoding, struct text bytes, const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct text text = TEXT("untouched");
    enum status status = csv_decode(encoding, arena, bytes, &text);
    assert_int_equal(status, expected == NULL ? STATUS_BAD_UTF8 : STATUS_OK);
    assert_true(text_equal(text, text_of(expected == NULL ? "untouched" : expected)));
    arena_free(arena);
}

static void test_encodings(void **state)
{
    (void)state;
    check_decode(CSV_UTF8, TEXT("\xc9\xed\xb7\xdd"), NULL);
    check_decode(CSV_UTF8, TEXT("a\0b"), NULL);
    check_decode(CSV_GB18030, TEXT("\xc9"), NULL);
    check_decode(CSV_GB18030, TEXT("\xc9\xed\xff"), NULL);
    check_decode(CSV_GB18030, TEXT("a\0b"), NULL);
    check_decode(CSV_GB18030,
        TEXT("\xef\xbb\xbf"
             "a"),
        NULL);
    check_decode(CSV_GB18030,
        TEXT("\xff\xfe"
             "a\0"),
        NULL);
    check_decode(CSV_UTF16, TEXT("a\0b\0"), NULL);
    check_decode(CSV_UTF16,
        TEXT("\xff\xfe"
             "a"),
        NULL);
    check_decode(CSV_UTF8, TEXT("身份"), "身份");
    check_decode(CSV_UTF8, TEXT("\xef\xbb\xbf身份"), "身份");
    check_decode(CSV_UTF8, TEXT(""), "");
    check_decode(CSV_GB18030, TEXT("\xc9\xed\xb7\xdd"), "身份");
    check_decode(CSV_GB18030, TEXT("\x95\x34\xb2\x35"), "𠮷"); /* four bytes: rare names need them */
    check_decode(CSV_UTF16, TEXT("\xff\xfe\xab\x8e\xfd\x4e"), "身份");
    check_decode(CSV_UTF16, TEXT("\xfe\xff\x8e\xab\x4e\xfd"), "身份");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_that_do_not_match),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_quoted_cells),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
