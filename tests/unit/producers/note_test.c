/* The sentence of a line: whatever the loader lets pass, our own reader of settlements takes it. */
#include "producers/note.h"

#include "base/text.h"
#include "proto/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BANDS 40
#define LARGEST MONEY_FEN(INT64_MAX) /* a sum over a life is no larger */

static struct arena *arena;
static char title[POLICY_TITLE_BYTES + 1], article[POLICY_ARTICLE_BYTES + 1];
static struct policy_rule rule;
static struct policy_band items[BANDS];
static struct policy_bands bands = { items, BANDS };

static void fill(char *text, size_t size)
{
    static const char character[] = "题";
    for (size_t i = 0; i + 1 < size; i++)
        text[i] = character[i % 3];
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new((size_t)1 << 20);
    fill(title, sizeof title);
    fill(article, sizeof article);
    return arena == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Bands of this width, each with a rate of its own, the last without an end. */
static void lay_bands(int64_t width_fen)
{
    for (int i = 0; i < BANDS; i++)
        items[i] = (struct policy_band){ .over = MONEY_FEN(i * width_fen),
            .up_to = MONEY_FEN(i + 1 == BANDS ? INT64_MAX : (i + 1) * width_fen),
            .share = RATE_BP(5001 + i) };
}

static const char *note_of(const struct policy_line *line)
{
    arena_reset(arena);
    const char *note = producer_note(arena, line);
    assert_non_null(note);
    return note;
}

static void check_fits(const struct policy_line *line)
{
    static const char end[] = "。";
    const char *note = note_of(line);
    size_t length = strlen(note);
    assert_true(length <= WIRE_TEXT_LIMIT);
    assert_true(text_is_utf8(text_of(note)));
    assert_string_equal(note + length - strlen(end), end);
}

/* Every reason, with the line otherwise as given. */
static void check_limits(struct policy_line line)
{
    for (line.limit = LIMIT_NONE; line.limit <= LIMIT_LATER; line.limit++)
        check_fits(&line);
    line.limit = LIMIT_REASON;
    for (line.reason = 1; line.reason <= term_last(TERM_REASON); line.reason++)
        check_fits(&line);
}

/* Paid and not paid, at one rate and by bands, with parts of the largest amounts and with many small ones. */
static void check_amounts(struct policy_line line)
{
    for (int variant = 0; variant < 8; variant++) {
        lay_bands((variant & 1) != 0 ? INT64_MAX / BANDS : 100);
        line.share = RATE_BP((variant & 2) != 0 ? 12345 : 0);
        line.amount = (variant & 4) != 0 ? MONEY_ZERO : LARGEST;
        check_limits(line);
    }
}

/* The longest title and article, the largest amounts, and all that a line can say. */
static void the_longest_sentence_is_read(void **state)
{
    struct policy_line line = { .rule = &rule, .base = LARGEST, .cap = LARGEST };
    (void)state;
    rule = (struct policy_rule){ .title = title, .article = article };
    line.deductible = MONEY_FEN(INT64_MAX - 1);
    line.stretch = (struct policy_stretch){ .bands = &bands, .to = LARGEST, .change = RATE_BP(6789) };
    for (rule.kind = 0; rule.kind < POLICY_KIND_COUNT; rule.kind++)
        for (line.fund = 1; line.fund <= term_last(TERM_FUND); line.fund++)
            for (line.category = 0; line.category <= term_last(TERM_CATEGORY); line.category++)
                check_amounts(line);
}

/* A visit of 40 yuan over 40 bands: the parts that fit, each whole, and a sign that there are more. */
static void parts_are_cut_where_one_ends(void **state)
{
    static const char begin[] = "大病保险（第六条）：基数40.00元，分段累加计算（1.00元按50.01%、1.00元按50.02%、";
    static const char end[] = "、……），支付20.08元。";
    struct policy_line line = { .rule = &rule, .base = MONEY_FEN(4000), .amount = MONEY_FEN(2008) };
    (void)state;
    rule = (struct policy_rule){ .kind = POLICY_CUMULATIVE_BANDS, .title = "大病保险", .article = "第六条" };
    lay_bands(100);
    line.stretch = (struct policy_stretch){ .bands = &bands, .to = line.base };
    const char *note = note_of(&line);
    assert_memory_equal(note, begin, strlen(begin));
    assert_string_equal(note + strlen(note) - strlen(end), end);
    assert_int_equal(note[strlen(note) - strlen(end) - 1], '%');
    assert_true(strlen(note) > WIRE_TEXT_LIMIT - 120);
}

/* Eight parts, more than any document has: all of them. */
static void ordinary_parts_stand_all(void **state)
{
    struct policy_line line = { .rule = &rule, .base = MONEY_FEN(80000000), .amount = MONEY_FEN(40036000) };
    (void)state;
    rule = (struct policy_rule){ .kind = POLICY_CUMULATIVE_BANDS, .title = "城乡居民大病保险", .article = "第六条" };
    lay_bands(10000000);
    line.stretch = (struct policy_stretch){ .bands = &bands, .to = line.base };
    const char *note = note_of(&line);
    assert_null(strstr(note, "……"));
    assert_non_null(strstr(note, "、100000.00元按50.08%），支付400360.00元。"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_sentence_is_read),
        cmocka_unit_test(parts_are_cut_where_one_ends),
        cmocka_unit_test(ordinary_parts_stand_all),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
