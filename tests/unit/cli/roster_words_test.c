/* Headings and words as offices write them, by the file that ships. */
#include "cli/roster_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#define ARENA_BYTES ((size_t)8 << 20)

struct world {
    struct arena *arena;
    const struct roster_words *words;
};

static int open_world(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct pack_report *report = calloc(1, sizeof *report);
    world->arena = arena_new(ARENA_BYTES);
    enum status status = roster_words_load(SETTLED_SOURCE_DIR "/cli/roster.yaml", world->arena, report, &world->words);
    for (size_t i = 0; i < report->count; i++)
        print_error("%s\n", report->problems[i]);
    assert_int_equal(status, STATUS_OK);
    free(report);
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    free(world);
    return 0;
}

static void heading(const struct world *world, uint8_t kind, const char *text, enum roster_column expected)
{
    enum roster_column column = roster_words_column(world->words, world->arena, text_of(text), kind);
    if (column != expected)
        fail_msg("%s: column %d instead of %d", text, (int)column, (int)expected);
}

static void test_headings(void **state)
{
    const struct world *world = *state;
    heading(world, ROSTER_HARDSHIP, "身份", ROSTER_COLUMN_UNKNOWN);
    heading(world, ROSTER_CONTRIBUTION, "金额（万元）", ROSTER_COLUMN_UNKNOWN);
    heading(world, ROSTER_HARDSHIP, "户主身份证号", ROSTER_COLUMN_IGNORED); /* another person */
    heading(world, ROSTER_HARDSHIP, "", ROSTER_COLUMN_IGNORED);
    heading(world, ROSTER_HARDSHIP, "备注", ROSTER_COLUMN_IGNORED);
    heading(world, ROSTER_HARDSHIP, "金额", ROSTER_COLUMN_IGNORED); /* known, but not of this kind */
    static const char *const ids[] = { "身份证号", "身份证号码", "证件号码", "公民身份号码", "居民身份证号码",
        " 身份证\n号码 ", "身份证号码（必填）", "*身份证号码：", "身份证号码(１８位)", "PERSON_ID" };
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        heading(world, ROSTER_HARDSHIP, ids[i], ROSTER_COLUMN_PERSON_ID);
    heading(world, ROSTER_HARDSHIP, "姓　名", ROSTER_COLUMN_NAME);
    heading(world, ROSTER_HARDSHIP, "人员姓名", ROSTER_COLUMN_NAME);
    heading(world, ROSTER_HARDSHIP, "生效日期", ROSTER_COLUMN_FROM);
    heading(world, ROSTER_UNIT, "操作", ROSTER_COLUMN_ACTION);
    heading(world, ROSTER_CONTRIBUTION, "金额（元）", ROSTER_COLUMN_AMOUNT);
    heading(world, ROSTER_CONTRIBUTION, "缴费金额", ROSTER_COLUMN_AMOUNT);
    heading(world, ROSTER_ENROLMENT, "缴费金额", ROSTER_COLUMN_PREMIUM);
    heading(world, ROSTER_CONTRIBUTION, "缴费年度", ROSTER_COLUMN_PERIOD);
    heading(world, ROSTER_ENROLMENT, "缴费年度", ROSTER_COLUMN_YEAR);
    heading(world, ROSTER_FAMILY, "与本人关系", ROSTER_COLUMN_RELATION);
    heading(world, ROSTER_FUND, "到账日期", ROSTER_COLUMN_DATE);
    heading(world, ROSTER_CONTRIBUTION, "到账日期", ROSTER_COLUMN_PAID_ON);
}

static void word(const struct world *world, enum roster_column column, const char *text, const char *expected)
{
    struct text value;
    enum roster_complaint said = roster_words_value(world->words, column, text_of(text), &value);
    assert_int_equal(said, expected == NULL ? ROSTER_COMPLAINT_UNKNOWN_WORD : ROSTER_COMPLAINT_NONE);
    if (expected != NULL)
        assert_true(text_equal(value, text_of(expected)));
}

static void test_words(void **state)
{
    const struct world *world = *state;
    word(world, ROSTER_COLUMN_ACTION, "也许", NULL);
    word(world, ROSTER_COLUMN_RELATION, "岳父", NULL);
    word(world, ROSTER_COLUMN_ACTION, "", "");
    word(world, ROSTER_COLUMN_ACTION, "退出", "REMOVE");
    word(world, ROSTER_COLUMN_ACTION, "remove", "REMOVE");
    word(world, ROSTER_COLUMN_RELATION, "女儿", "CHILD");
    word(world, ROSTER_COLUMN_FUNDING, "按月", "MONTHLY");
    word(world, ROSTER_COLUMN_SCHEME, "补充医保", "SUPPLEMENTARY");
    word(world, ROSTER_COLUMN_CORRECTED_NAME, "是", "true");
    word(world, ROSTER_COLUMN_FUND, "assistance", "ASSISTANCE");
    word(world, ROSTER_COLUMN_SOURCE, "省级补助", "CENTRAL");
    word(world, ROSTER_COLUMN_NAME, "退出", "退出");
}

static void refused(const char *yaml, const char *why)
{
    char path[] = "/tmp/settled-words-XXXXXX";
    const struct roster_words *words = NULL;
    struct pack_report *report = calloc(1, sizeof *report);
    struct arena *arena = arena_new(ARENA_BYTES);
    int file = mkstemp(path);
    assert_int_equal(write(file, yaml, strlen(yaml)), strlen(yaml));
    close(file);
    assert_int_equal(roster_words_load(path, arena, report, &words), STATUS_BAD_CONFIG);
    assert_null(words);
    assert_int_equal(report->count, 1);
    if (strstr(report->problems[0], why) == NULL)
        fail_msg("%s", report->problems[0]);
    unlink(path);
    arena_free(arena);
    free(report);
}

static void test_files_that_cannot_be_used(void **state)
{
    (void)state;
    refused("", "the file is empty");
    refused("columns: [", "not YAML");
    refused("words: {}\n", ":1:1: missing key `columns`");
    refused("column: {}\n", ":1:1: unknown key `column`, did you mean `columns`?");
    refused("columns:\n  nmae: [a]\n", ":2:3: unknown key `nmae`, did you mean `name`?");
    refused("columns:\n  name: [a]\n", "no spelling of `person_id`");
    refused("ignored: [a, Ａ]\n", ":1:14: this spelling stands here twice");
    refused("words:\n  action: { GIVE: [a] }\n", ":2:13: unknown key `GIVE`");
    refused("words:\n  name: { a: [a] }\n", ":2:3: unknown key `name`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_headings, open_world, close_world),
        cmocka_unit_test_setup_teardown(test_words, open_world, close_world),
        cmocka_unit_test(test_files_that_cannot_be_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
