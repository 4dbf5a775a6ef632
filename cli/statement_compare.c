#include "cli/statement_compare.h"

#include <stdlib.h>
#include <string.h>

/* One encounter, by both. */
struct side {
    struct text institution, encounter, person;
    long row;  /* of the statement, the first; 0: it has none */
    bool here; /* whether there is a settlement */
    money statement, ours;
};

struct comparison {
    struct arena *arena;
    const struct statement_sheet *sheet;
    struct key_index index, institutions;
    struct side *sides;
    uint32_t count;                 /* number 0 is not used */
    bool by_institution, by_person; /* whether every row says it */
    bool is_of_one;                 /* what is owed is that of the one institution asked for */
    size_t differences;
    FILE *stream;
};

/* ---- Encounters ---- */

static struct side *side_of(struct comparison *comparison, const struct side *wanted, bool may_add)
{
    const struct text texts[] = { comparison->by_institution ? wanted->institution : TEXT_EMPTY, wanted->encounter,
        comparison->by_person ? wanted->person : TEXT_EMPTY };
    struct store_key key = key_of_texts(texts, COUNT_OF(texts));
    uint32_t number = key_index_find(&comparison->index, &key);
    if (number == 0 && may_add) {
        number = ++comparison->count;
        (void)key_index_add(&comparison->index, &key, number);
        comparison->sides[number] = *wanted;
    }
    return number == 0 ? NULL : &comparison->sides[number];
}

static void look_at_columns(struct comparison *comparison)
{
    const struct statement_sheet *sheet = comparison->sheet;
    comparison->by_institution = comparison->by_person = sheet->count > 0;
    for (size_t i = 0; i < sheet->count; i++) {
        comparison->by_institution &= !text_is_empty(sheet->rows[i].institution);
        comparison->by_person &= !text_is_empty(sheet->rows[i].person);
    }
    for (size_t i = 0; i < sheet->count && comparison->by_institution; i++) {
        struct store_key key = key_of_texts(&sheet->rows[i].institution, 1);
        (void)key_index_add(&comparison->institutions, &key, 1);
    }
}

static void add_rows(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->sheet->count; i++) {
        const struct statement_row *row = &comparison->sheet->rows[i];
        const struct side wanted = {
            .institution = row->institution, .encounter = row->encounter, .person = row->person, .row = row->number
        };
        struct side *side = side_of(comparison, &wanted, true);
        side->statement = money_add(side->statement, row->amount);
    }
}

/* Whether the statement would have to list it. */
static bool is_expected(const struct comparison *comparison, const struct statement_debt *debt)
{
    struct text institution = text_of(debt->institution);
    struct store_key key = key_of_texts(&institution, 1);
    if (comparison->by_institution)
        return key_index_find(&comparison->institutions, &key) != 0;
    return comparison->is_of_one;
}

static void add_debts(struct comparison *comparison, const struct statement_owed *owed)
{
    for (uint32_t i = 1; i < owed->debt_count; i++) {
        const struct statement_debt *debt = &owed->debts[i];
        const struct side wanted = { .institution = text_of(debt->institution),
            .encounter = text_of(debt->encounter),
            .person = text_of(debt->person) };
        struct side *side = side_of(comparison, &wanted, is_expected(comparison, debt));
        if (side == NULL)
            continue;
        side->here = true;
        if (text_is_empty(side->person))
            side->person = wanted.person;
        side->ours = money_add(side->ours, MONEY_FEN(debt->fen));
    }
}

/* ---- Telling ---- */

static void print_encounter(const struct side *side, FILE *stream)
{
    fprintf(stream, "就诊%.*s", TEXT_FORMAT(side->encounter));
    if (side->person.length == 18)
        fprintf(stream, "（%.6s********%.4s）", side->person.at, side->person.at + 14);
    if (side->row > 0)
        fprintf(stream, "，第%ld行", side->row);
}

static void judge(struct comparison *comparison, const struct side *side)
{
    char theirs[MONEY_TEXT_SIZE], ours[MONEY_TEXT_SIZE], less[MONEY_TEXT_SIZE];
    money_format(side->statement, theirs);
    money_format(side->ours, ours);
    if (money_cmp(side->statement, side->ours) == 0)
        return;
    comparison->differences++;
    fprintf(comparison->stream, "%s：",
        !side->here          ? "医院有而系统没有"
            : side->row == 0 ? "系统有而医院没有"
                             : "金额不同");
    print_encounter(side, comparison->stream);
    if (!side->here)
        fprintf(comparison->stream, "，%s元\n", theirs);
    else if (side->row == 0)
        fprintf(comparison->stream, "，%s元\n", ours);
    else
        fprintf(comparison->stream, "，医院%s元，系统%s元，相差%s元\n", theirs, ours,
            money_format(money_sub(side->statement, side->ours), less));
}

static int by_row(const void *a, const void *b)
{
    const struct side *first = a, *second = b;
    if ((first->row == 0) != (second->row == 0))
        return first->row == 0 ? 1 : -1;
    if (first->row != second->row)
        return first->row < second->row ? -1 : 1;
    int order = text_cmp(first->encounter, second->encounter);
    return order != 0 ? order : text_cmp(first->person, second->person);
}

static void judge_total(struct comparison *comparison)
{
    char said[MONEY_TEXT_SIZE], sum[MONEY_TEXT_SIZE];
    const struct statement_sheet *sheet = comparison->sheet;
    if (!sheet->has_total || money_cmp(sheet->total, sheet->sum) == 0)
        return;
    comparison->differences++;
    fprintf(comparison->stream, "合计不符：第%ld行的合计为%s元，各行相加为%s元\n", sheet->total_number,
        money_format(sheet->total, said), money_format(sheet->sum, sum));
}

static void tell_whole(const struct comparison *comparison)
{
    char theirs[MONEY_TEXT_SIZE], ours[MONEY_TEXT_SIZE];
    money statement = MONEY_ZERO, settled = MONEY_ZERO;
    for (uint32_t i = 1; i <= comparison->count; i++) {
        statement = money_add(statement, comparison->sides[i].statement);
        settled = money_add(settled, comparison->sides[i].ours);
    }
    fprintf(comparison->stream, "核对%u笔就诊：医院%s元，系统%s元；", (unsigned)comparison->count,
        money_format(statement, theirs), money_format(settled, ours));
    if (comparison->differences == 0)
        fprintf(comparison->stream, "全部相符");
    else
        fprintf(comparison->stream, "%zu处不符", comparison->differences);
    if (!comparison->is_of_one && !comparison->by_institution)
        fprintf(comparison->stream, "；没有机构代码，未核对医院漏报的就诊（可用--institution给出）");
    fputc('\n', comparison->stream);
}

size_t statement_compare(struct arena *arena, const struct statement_sheet *sheet, const struct statement_owed *owed,
    struct text institution, FILE *stream)
{
    struct comparison comparison = {
        .arena = arena, .sheet = sheet, .is_of_one = !text_is_empty(institution), .stream = stream
    };
    comparison.sides = ARENA_ARRAY(arena, sheet->count + owed->debt_count + 1, struct side);
    CHECK(comparison.sides != NULL);
    look_at_columns(&comparison);
    add_rows(&comparison);
    add_debts(&comparison, owed);
    qsort(comparison.sides + 1, comparison.count, sizeof *comparison.sides, by_row);
    for (uint32_t i = 1; i <= comparison.count; i++)
        judge(&comparison, &comparison.sides[i]);
    judge_total(&comparison);
    tell_whole(&comparison);
    key_index_done(&comparison.index);
    key_index_done(&comparison.institutions);
    return comparison.differences;
}
