/* Tables as files: what of it is CSV, byte by byte, and that a file is there whole or not at all. What is XLSX is read
 * back by another library in tests/cli/list_test.py. */
#include "cli/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const struct table_column columns[] = { { "姓名", TABLE_TEXT, 10 }, { "元", TABLE_YUAN, 10 },
    { "数", TABLE_COUNT, 10 }, { "年", TABLE_NUMBER, 10 }, { "日", TABLE_DAY, 10 } };
#define MARK "\xef\xbb\xbf"
#define HEADINGS MARK "姓名,元,数,年,日\r\n"

struct place {
    char folder[64];
    char path[128];
};

static int begin(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/settled-table-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/list.csv", place->folder);
    *state = place;
    return 0;
}

static int end(void **state)
{
    struct place *place = *state;
    (void)remove(place->path);
    assert_int_equal(rmdir(place->folder), 0); /* nothing else is left */
    free(place);
    return 0;
}

static struct table *open_table(const char *path)
{
    struct table *table = NULL;
    struct fault fault;
    const struct table_form form = { path, "sheet", columns, COUNT_OF(columns) };
    assert_int_equal(table_new(&form, &table, &fault), STATUS_OK);
    return table;
}

static void finish_and_check(struct table *table, const char *path, const char *expected)
{
    char content[1024];
    struct fault fault;
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(table_finish(table, &fault), STATUS_OK);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    content[fread(content, 1, sizeof content - 1, stream)] = '\0';
    fclose(stream);
    assert_string_equal(content, expected);
}

static void check_name(void **state, const char *name, const char *expected)
{
    const struct place *place = *state;
    char line[512];
    struct table *table = open_table(place->path);
    const struct table_cell cells[] = { table_text(name), table_number(5), table_number(1), table_number(2023),
        table_text("2023-06-10") };
    assert_int_equal(table_add(table, cells), STATUS_OK);
    snprintf(line, sizeof line, HEADINGS "%s,0.05,1,2023,2023-06-10\r\n", expected);
    finish_and_check(table, place->path, line);
    assert_int_equal(remove(place->path), 0);
}

static void test_formulas_are_text(void **state)
{
    check_name(state, "=1+1", "'=1+1");
    check_name(state, "+1", "'+1");
    check_name(state, "-1", "'-1");
    check_name(state, "@SUM(A1)", "'@SUM(A1)");
    check_name(state, "\t=1", "'\t=1");
    check_name(state, "\r=1", "\"'\r=1\"");
    check_name(state, "＝1", "'＝1");
    check_name(state, "=\"a\",b", "\"'=\"\"a\"\",b\"");
    check_name(state, "a=1", "a=1");
    check_name(state, "", "");
}

static void test_quotes(void **state)
{
    check_name(state, "a,b", "\"a,b\"");
    check_name(state, "a\"b", "\"a\"\"b\"");
    check_name(state, "a\nb", "\"a\nb\"");
    check_name(state, " a ", " a ");
}

static void test_total(void **state)
{
    const struct place *place = *state;
    struct table *table = open_table(place->path);
    const struct table_cell first[] = { table_text("a"), table_number(-105), table_number(2), table_number(1),
        table_text(NULL) };
    const struct table_cell second[] = { table_text("b"), table_number(INT64_C(1000000000000001)), table_number(3),
        table_text(NULL), table_text("neither") };
    assert_int_equal(table_add(table, first), STATUS_OK);
    assert_int_equal(table_add(table, second), STATUS_OK);
    assert_int_equal(table_add_total(table), STATUS_OK);
    finish_and_check(
        table, place->path, HEADINGS "a,-1.05,2,1,\r\nb,10000000000000.01,3,,neither\r\n合计,9999999999998.96,5,,\r\n");
}

static void test_nothing_is_left_behind(void **state)
{
    const struct place *place = *state;
    table_discard(open_table(place->path));
    assert_int_equal(access(place->path, F_OK), -1);
}

static void test_names_of_files(void **state)
{
    struct table *table = NULL;
    struct fault fault;
    const struct table_form nowhere = { "/nowhere/list.xlsx", "sheet", columns, COUNT_OF(columns) };
    const struct table_form other = { "list.xls", "sheet", columns, COUNT_OF(columns) };
    (void)state;
    assert_true(table_takes("a.csv"));
    assert_true(table_takes("a.XLSX"));
    assert_false(table_takes(".csv"));
    assert_false(table_takes("a.xls"));
    assert_int_equal(table_new(&nowhere, &table, &fault), STATUS_SYSTEM);
    assert_int_equal(table_new(&other, &table, &fault), STATUS_BAD_VALUE);
    assert_null(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_files),
        cmocka_unit_test_setup_teardown(test_formulas_are_text, begin, end),
        cmocka_unit_test_setup_teardown(test_quotes, begin, end),
        cmocka_unit_test_setup_teardown(test_total, begin, end),
        cmocka_unit_test_setup_teardown(test_nothing_is_left_behind, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
