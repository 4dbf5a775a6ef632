/* Cells as offices type them: the bad ones first, then what each of the others means. */
#include "cli/roster_cell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ARENA_BYTES ((size_t)1 << 20)

static void check(enum roster_cell kind, const char *cell, enum roster_complaint complaint, const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct text text;
    enum roster_complaint said = roster_cell_read(kind, arena, text_of(cell), &text);
    if (said != complaint || !text_equal(text, text_of(expected)))
        fail_msg("\"%s\": %d, \"%.*s\"", cell, (int)said, TEXT_FORMAT(text));
    arena_free(arena);
}

static void refused(enum roster_cell kind, const char *cell, enum roster_complaint complaint)
{
    check(kind, cell, complaint, "");
}

static void read_as(enum roster_cell kind, const char *cell, const char *expected)
{
    check(kind, cell, ROSTER_COMPLAINT_NONE, expected);
}

static void test_bad_ids(void **state)
{
    (void)state;
    refused(ROSTER_CELL_ID, "1.40425E+17", ROSTER_COMPLAINT_SCIENTIFIC);
    refused(ROSTER_CELL_ID, " 1.40425e17 ", ROSTER_COMPLAINT_SCIENTIFIC);
    refused(ROSTER_CELL_ID, "１．４０４２５Ｅ＋１７", ROSTER_COMPLAINT_SCIENTIFIC);
    refused(ROSTER_CELL_ID, "1E+17", ROSTER_COMPLAINT_SCIENTIFIC);
    refused(ROSTER_CELL_ID, "140425500101001", ROSTER_COMPLAINT_FIFTEEN_DIGITS);
    refused(ROSTER_CELL_ID, "'140425500101001", ROSTER_COMPLAINT_FIFTEEN_DIGITS);
    refused(ROSTER_CELL_ID, "140425195001020000", ROSTER_COMPLAINT_DIGITS_LOST);
}

static void test_ids(void **state)
{
    (void)state;
    read_as(ROSTER_CELL_ID, "", "");
    read_as(ROSTER_CELL_ID, "　 \xc2\xa0", "");
    read_as(ROSTER_CELL_ID, "140425195001020015", "140425195001020015");
    read_as(ROSTER_CELL_ID, "１４０４２５１９５００１０２００１５", "140425195001020015");
    read_as(ROSTER_CELL_ID, " 140425 19500102 0015\t", "140425195001020015");
    read_as(ROSTER_CELL_ID, "　140425195001020015\xe2\x80\x8b", "140425195001020015");
    read_as(ROSTER_CELL_ID,
        "\xef\xbb\xbf"
        "140425195001020015",
        "140425195001020015");
    read_as(ROSTER_CELL_ID, "'140425195001020015", "140425195001020015");
    read_as(ROSTER_CELL_ID, "’140425195001020015", "140425195001020015");
    read_as(ROSTER_CELL_ID, "=\"140425195001020015\"", "140425195001020015");
    read_as(ROSTER_CELL_ID, "11010519491231002x", "11010519491231002X");
    read_as(ROSTER_CELL_ID, "11010519491231002ｘ", "11010519491231002X");
    /* Not a right one, but readable: the processor says so. */
    read_as(ROSTER_CELL_ID, "140425195001020016", "140425195001020016");
    read_as(ROSTER_CELL_ID, "14042519500102001", "14042519500102001");
    read_as(ROSTER_CELL_ID, "无", "无");
    read_as(ROSTER_CELL_ID, "E1", "E1");
}

static void test_names(void **state)
{
    (void)state;
    read_as(ROSTER_CELL_NAME, "", "");
    read_as(ROSTER_CELL_NAME, " 张三 ", "张三");
    read_as(ROSTER_CELL_NAME, "张　三", "张三");
    read_as(ROSTER_CELL_NAME, "张\n三", "张三");
    read_as(ROSTER_CELL_NAME, "Li   Si", "Li Si");
    read_as(ROSTER_CELL_NAME, "张 A", "张A");
    read_as(ROSTER_CELL_NAME, "买买提·艾力", "买买提·艾力");
}

static void test_bad_days(void **state)
{
    (void)state;
    refused(ROSTER_CELL_DAY, "44986", ROSTER_COMPLAINT_SERIAL_DATE);
    refused(ROSTER_CELL_DAY, "44986.5", ROSTER_COMPLAINT_SERIAL_DATE);
    refused(ROSTER_CELL_DAY, "2023-02-29", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "2023-13-01", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "2023-00-01", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "0000-01-01", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "20230230", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "2023-03", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "2023-3/1", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "23-03-01", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "3/1/2023", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "2023-03-011", ROSTER_COMPLAINT_NOT_A_DATE);
    refused(ROSTER_CELL_DAY, "长期", ROSTER_COMPLAINT_NOT_A_DATE);
}

static void test_days(void **state)
{
    (void)state;
    read_as(ROSTER_CELL_DAY, " ", "");
    read_as(ROSTER_CELL_DAY, "2023-03-01", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023-3-1", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023/3/1", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023.03.01", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "20230301", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023年3月1日", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023 年 3 月 1 号", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "２０２３年３月１", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023/3/1 0:00:00", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "2023-03-01T08:00:00", "2023-03-01");
    read_as(ROSTER_CELL_DAY, "'2024-02-29", "2024-02-29");
}

static void test_periods_and_years(void **state)
{
    (void)state;
    refused(ROSTER_CELL_PERIOD, "2023.1", ROSTER_COMPLAINT_NOT_A_PERIOD); /* or 2023.10 */
    refused(ROSTER_CELL_PERIOD, "202313", ROSTER_COMPLAINT_NOT_A_PERIOD);
    refused(ROSTER_CELL_PERIOD, "2023-03-01", ROSTER_COMPLAINT_NOT_A_PERIOD);
    refused(ROSTER_CELL_PERIOD, "3月", ROSTER_COMPLAINT_NOT_A_PERIOD);
    refused(ROSTER_CELL_PERIOD, "44986", ROSTER_COMPLAINT_SERIAL_DATE);
    refused(ROSTER_CELL_YEAR, "23", ROSTER_COMPLAINT_NOT_A_YEAR);
    refused(ROSTER_CELL_YEAR, "0000", ROSTER_COMPLAINT_NOT_A_YEAR);
    refused(ROSTER_CELL_YEAR, "2023-03", ROSTER_COMPLAINT_NOT_A_YEAR);
    read_as(ROSTER_CELL_PERIOD, "2023-03", "2023-03");
    read_as(ROSTER_CELL_PERIOD, "2023/3", "2023-03");
    read_as(ROSTER_CELL_PERIOD, "2023.10", "2023-10");
    read_as(ROSTER_CELL_PERIOD, "202303", "2023-03");
    read_as(ROSTER_CELL_PERIOD, "2023年3月份", "2023-03");
    read_as(ROSTER_CELL_PERIOD, "2023年度", "2023");
    read_as(ROSTER_CELL_PERIOD, "２０２３", "2023");
    read_as(ROSTER_CELL_YEAR, " 2023 年", "2023");
    read_as(ROSTER_CELL_YEAR, "", "");
}

static void test_amounts(void **state)
{
    (void)state;
    refused(ROSTER_CELL_YUAN, "1.2E+05", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "12.345", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "12,34", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, ",123", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "1,2345", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "1.2,345", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "5万元", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "元", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "100000000001", ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    refused(ROSTER_CELL_YUAN, "1111111111111111111111111111111111111111111111111111111111111111111111",
        ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    read_as(ROSTER_CELL_YUAN, "", "");
    read_as(ROSTER_CELL_YUAN, "0", "0");
    read_as(ROSTER_CELL_YUAN, "380", "38000");
    read_as(ROSTER_CELL_YUAN, "380.5", "38050");
    read_as(ROSTER_CELL_YUAN, "￥1,234.50元", "123450");
    read_as(ROSTER_CELL_YUAN, "¥1,234,567", "123456700");
    read_as(ROSTER_CELL_YUAN, "３８０．００", "38000");
    read_as(ROSTER_CELL_YUAN, "-5", "-500"); /* readable; the processor refuses it */
    read_as(ROSTER_CELL_PLAIN, " 补 充医保 ", "补充医保");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_ids),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bad_days),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_periods_and_years),
        cmocka_unit_test(test_amounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
