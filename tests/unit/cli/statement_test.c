/* A hospital's statement: how its file is read, what the hospital is owed, and what differs. Each case is a file, the
 * settlements, and what is said. */
#include "cli/statement_compare.h"
#include "policy/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ARENA_BYTES ((size_t)1 << 26)
#define ONE "14042519500102001X"
#define TWO "140425195001020028"
#define MASKED "（140425********001X）"
#define NO_CODES "；没有机构代码，未核对医院漏报的就诊（可用--institution给出）"
#define LINE Settled__V1__Settlement__Line
#define MAY 1683000000  /* 2023-05-02 */
#define JUNE 1686000000 /* 2023-06-06 */

struct given {
    const char *id, *encounter, *person, *code;
    int64_t delta;
    const char *former; /* institution that was paid before; "": a person was */
    bool to_person;
    int fund; /* 0: assistance */
    int kind; /* 0: ORIGINAL */
    int64_t at;
};

static char *text(const char *text)
{
    return (char *)(uintptr_t)(text == NULL ? "" : text);
}

static void take(struct statement_owed *owed, const struct given *given)
{
    Settled__V1__Settlement settlement = SETTLED__V1__SETTLEMENT__INIT;
    Settled__V1__Settlement__Trigger trigger = SETTLED__V1__SETTLEMENT__TRIGGER__INIT;
    Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    LINE line = SETTLED__V1__SETTLEMENT__LINE__INIT;
    LINE *lines[] = { &line };
    at.seconds = given->at == 0 ? MAY : given->at;
    trigger.recorded_at = &at;
    line.delta_fen = given->delta;
    line.fund = (Settled__V1__Settlement__Line__Fund)(given->fund == 0 ? FUND_ASSISTANCE : given->fund);
    settlement.trigger = &trigger;
    settlement.settlement_id = text(given->id);
    settlement.region = text("140425");
    settlement.person_id = text(given->person == NULL ? ONE : given->person);
    settlement.subject = SETTLED__V1__SETTLEMENT__SUBJECT__ENCOUNTER;
    settlement.subject_id = text(given->encounter);
    settlement.kind = (Settled__V1__Settlement__Kind)(given->kind == 0 ? 1 : given->kind);
    settlement.institution_code = text(given->code);
    settlement.payee = given->to_person ? SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON
                                        : SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
    if (given->former != NULL)
        settlement.former_payee = given->former[0] == '\0' ? SETTLED__V1__PAYMENT_REQUEST__PAYEE__PERSON
                                                           : SETTLED__V1__PAYMENT_REQUEST__PAYEE__INSTITUTION;
    settlement.former_institution_code = text(given->former);
    settlement.lines = lines;
    settlement.n_lines = 1;
    statement_owed_take(owed, &settlement);
}

static void check(
    const char *file, const struct given *given, const struct statement_owed_wanted *wanted, const char *expected)
{
    char *said = NULL;
    size_t length;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct fault fault = { .status = STATUS_OK };
    struct statement_sheet sheet;
    struct statement_owed owed;
    assert_int_equal(statement_sheet_read(arena, text_of(file), &sheet, &fault), STATUS_OK);
    assert_int_equal(sheet.problem_count, 0);
    statement_owed_begin(&owed, arena, wanted);
    for (; given->id != NULL; given++)
        take(&owed, given);
    FILE *stream = open_memstream(&said, &length);
    statement_compare(arena, &sheet, &owed, wanted->institution, stream);
    fclose(stream);
    assert_string_equal(said, expected);
    free(said);
    statement_owed_done(&owed);
    arena_free(arena);
}

static const struct statement_owed_wanted all = { 0 }, of_h1 = { .institution = { "H1", 2 } };
#define GIVEN(...) ((const struct given[]){ __VA_ARGS__{ .id = NULL } })

static void test_what_agrees(void **state)
{
    (void)state;
    check("就诊ID,金额\ne1,7.00\n合计,7.00\n", GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, ), &of_h1,
        "核对1笔就诊：医院7.00元，系统7.00元；全部相符\n");
    check("平顺县人民医院垫付明细\n\n序号,身份证号（必填）,住院号,垫付金额(元)\n1," ONE ",e1,\"1,007.00\"\n2," TWO
          ",e1,1\n小计,,,5\n,,总计,1008\n",
        GIVEN({ "a", "e1", .delta = 100700 }, { "b", "e1", .person = TWO, .delta = 100 }, ), &all,
        "核对2笔就诊：医院1008.00元，系统1008.00元；全部相符" NO_CODES "\n");
    check("就诊ID;机构代码;金额\ne1;H1;3\ne1;H1;4\ne2;H2;0\n",
        GIVEN({ "a", "e1", .code = "H1", .delta = 900 }, { "b", "e1", .code = "H1", .delta = -200, .kind = 2 },
            { "x", "e9", .code = "H9", .delta = 900 }, ),
        &all, "核对2笔就诊：医院7.00元，系统7.00元；全部相符\n");
}

static void test_what_differs(void **state)
{
    (void)state;
    check("就诊ID,身份证号,金额\ne1," ONE ",7.01\ne2," ONE ",3\n合计,,10\n",
        GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, { "b", "e3", .code = "H1", .delta = 5 },
            { "c", "e4", .code = "H2", .delta = 5 }, { "d", "e5", .code = "H1", .delta = 0 }, ),
        &of_h1,
        "金额不同：就诊e1" MASKED "，第2行，医院7.01元，系统7.00元，相差0.01元\n"
        "医院有而系统没有：就诊e2" MASKED "，第3行，3.00元\n"
        "系统有而医院没有：就诊e3" MASKED "，0.05元\n"
        "合计不符：第4行的合计为10.00元，各行相加为10.01元\n"
        "核对4笔就诊：医院10.01元，系统7.05元；4处不符\n");
    check("就诊ID,金额\ne1,7\n", GIVEN({ "a", "e1", .code = "H2", .delta = 700 }, ), &of_h1,
        "医院有而系统没有：就诊e1，第2行，7.00元\n核对1笔就诊：医院7.00元，系统0.00元；1处不符\n");
    check("就诊ID,机构代码,金额\ne1,H1,7\n",
        GIVEN({ "a", "e1", .code = "H2", .delta = 700 }, { "b", "e2", .code = "H1", .delta = 1 }, ), &all,
        "医院有而系统没有：就诊e1，第2行，7.00元\n系统有而医院没有：就诊e2" MASKED "，0.01元\n"
        "核对2笔就诊：医院7.00元，系统0.01元；2处不符\n");
}

static void test_what_a_hospital_is_owed(void **state)
{
    const char *said = "核对1笔就诊：医院7.00元，系统7.00元；全部相符\n", *file = "就诊ID,金额\ne1,7\n";
    (void)state;
    /* Sent twice; tried; the hospital's own part; paid to the person. */
    check(file, GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, { "a", "e1", .code = "H1", .delta = 700 }, ), &of_h1,
        said);
    check(file, GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, { "t", "e1", .code = "H1", .delta = 5, .kind = 4 }, ),
        &of_h1, said);
    check(file,
        GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, { "h", "e1", .code = "H1", .delta = 5, .fund = FUND_HOSPITAL },
            { "k", "e1", .code = "H1", .delta = 5, .fund = FUND_ACCOUNT }, ),
        &of_h1, said);
    check(file,
        GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, { "p", "e2", .code = "H1", .delta = 5, .to_person = true }, ),
        &of_h1, said);
    /* The money moves from a person to the hospital, and from another hospital to it. */
    check(file,
        GIVEN({ "a", "e1", .code = "H1", .delta = 600, .to_person = true },
            { "b", "e1", .code = "H1", .delta = 100, .former = "" }, ),
        &of_h1, said);
    check(file,
        GIVEN({ "a", "e1", .code = "H2", .delta = 600 }, { "b", "e1", .code = "H1", .delta = 100, .former = "H2" }, ),
        &of_h1, said);
    check("就诊ID,金额\ne1,0\n",
        GIVEN({ "a", "e1", .code = "H1", .delta = 600 },
            { "b", "e1", .code = "H1", .delta = 100, .former = "H1", .to_person = true }, ),
        &of_h1, "核对1笔就诊：医院0.00元，系统0.00元；全部相符\n");
}

static void test_a_month(void **state)
{
    const struct statement_owed_wanted may = { .institution = TEXT("H1"), .month = TEXT("2023-05") };
    const struct statement_owed_wanted june = { .institution = TEXT("H1"), .month = TEXT("2023-06") };
    const struct statement_owed_wanted elsewhere = { .institution = TEXT("H1"), .region = TEXT("140522") };
    const struct given *given =
        GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, { "b", "e1", .code = "H1", .delta = -200, .at = JUNE }, );
    (void)state;
    check("就诊ID,金额\ne1,7\n", given, &may, "核对1笔就诊：医院7.00元，系统7.00元；全部相符\n");
    check("就诊ID,金额\ne1,-2\n", given, &june, "核对1笔就诊：医院-2.00元，系统-2.00元；全部相符\n");
    check("就诊ID,金额\n", given, &elsewhere, "核对0笔就诊：医院0.00元，系统0.00元；全部相符\n");
}

static void check_refused(const char *file, const char *expected)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct fault fault = { .status = STATUS_OK };
    struct statement_sheet sheet = { .count = 77 };
    assert_int_equal(statement_sheet_read(arena, text_of(file), &sheet, &fault), STATUS_BAD_VALUE);
    assert_non_null(strstr(fault.text, expected));
    assert_int_equal(sheet.count, 77);
    arena_free(arena);
}

static void check_problem(const char *file, long row, enum statement_column column, enum roster_complaint complaint)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct fault fault = { .status = STATUS_OK };
    struct statement_sheet sheet;
    assert_int_equal(statement_sheet_read(arena, text_of(file), &sheet, &fault), STATUS_OK);
    assert_int_equal(sheet.problem_count, 1);
    assert_int_equal(sheet.problems[0].row, row);
    assert_int_equal(sheet.problems[0].column, column);
    assert_int_equal(sheet.problems[0].complaint, complaint);
    arena_free(arena);
}

static void test_files_that_cannot_be_read(void **state)
{
    (void)state;
    check_refused("", "找不到表头");
    check_refused("就诊ID,姓名\ne1,a\n", "找不到表头");
    check_refused("就诊ID,金额（万元）\ne1,1\n", "找不到表头");
    check_refused("就诊ID,金额,垫付金额\ne1,1,2\n", "几列");
    check_refused("就诊ID,金额\n\"e1,1\n", "第2行：引号");
    check_problem("就诊ID,金额\ne1,\n", 2, STATEMENT_COLUMN_AMOUNT, ROSTER_COMPLAINT_MISSING);
    check_problem("就诊ID,金额\ne1,七\n", 2, STATEMENT_COLUMN_AMOUNT, ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    check_problem("就诊ID,金额\ne1,1\n,2\n", 3, STATEMENT_COLUMN_ENCOUNTER, ROSTER_COMPLAINT_MISSING);
    check_problem("就诊ID,金额\n1.4E+17,2\n", 2, STATEMENT_COLUMN_ENCOUNTER, ROSTER_COMPLAINT_SCIENTIFIC);
    check_problem("就诊ID,金额\n合计,x\n", 2, STATEMENT_COLUMN_AMOUNT, ROSTER_COMPLAINT_NOT_AN_AMOUNT);
    check_problem("就诊ID,金额,身份证号\ne1,1,1.4E+17\n", 2, STATEMENT_COLUMN_PERSON, ROSTER_COMPLAINT_SCIENTIFIC);
}

static void test_encodings(void **state)
{
    /* "就诊ID,金额" and "合计" as GB18030. */
    static const char gb[] = "\xbe\xcd\xd5\xef"
                             "ID,\xbd\xf0\xb6\xee\ne1,7\n\xba\xcf\xbc\xc6,7\n";
    (void)state;
    check(gb, GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, ), &of_h1,
        "核对1笔就诊：医院7.00元，系统7.00元；全部相符\n");
    check("\xef\xbb\xbf就诊ID\t金额\r\ne1\t7\r\n", GIVEN({ "a", "e1", .code = "H1", .delta = 700 }, ), &of_h1,
        "核对1笔就诊：医院7.00元，系统7.00元；全部相符\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_what_agrees),
        cmocka_unit_test(test_what_differs),
        cmocka_unit_test(test_what_a_hospital_is_owed),
        cmocka_unit_test(test_a_month),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
