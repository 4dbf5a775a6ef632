#include "producers/note.h"

#include "policy/bands.h"
#include "proto/wire.h"

#include <string.h>

/* A sentence is a text field of a settlement, and our own reader takes no longer one. With the longest title and
 * article that the loader lets pass, and the largest amounts, each sentence fits; the parts of bands are cut to fit. */
#define NOTE_LIMIT WIRE_TEXT_LIMIT

/* The most that stands behind the parts of bands: that some were left out, the limit and the amount. */
#define AFTER_PARTS (sizeof "、……），年度限额元已用完，支付元。" + 2 * (size_t)MONEY_TEXT_SIZE)

struct note {
    char text[NOTE_LIMIT];
    size_t length;
};

/* Plain copying: a settlement has several sentences, and printf would cost more than the fold. */
static void say(struct note *note, const char *text)
{
    size_t length = strlen(text);
    CHECK(length <= NOTE_LIMIT - note->length);
    memcpy(note->text + note->length, text, length);
    note->length += length;
}

static void say_yuan(struct note *note, money amount)
{
    char text[MONEY_TEXT_SIZE];
    say(note, money_format(amount, text));
    say(note, "元");
}

/* 7000 -> "70%", 6550 -> "65.5%", 6555 -> "65.55%": the amount's digits without the zeros behind. */
static void say_rate(struct note *note, rate share)
{
    char text[MONEY_TEXT_SIZE];
    money_format(MONEY_FEN(share.bp), text);
    size_t length = strlen(text);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    text[length] = '\0';
    say(note, text);
    say(note, "%");
}

static void say_reason(struct note *note, const struct policy_line *line)
{
    bool waits = line->reason == REASON_APPLICATION_MISSING || line->reason == REASON_CLAIM_MISSING
        || line->reason == REASON_INCOME_FIGURE_MISSING;
    say(note, "基数为");
    say_yuan(note, line->base);
    say(note, "，因");
    say(note, term_chinese(TERM_REASON, line->reason));
    say(note, waits ? "，本项暂不支付，暂计0元" : "，本项不予支付，为0元");
}

static void say_later(struct note *note, const struct policy_line *line)
{
    say(note, "基数");
    say_yuan(note, line->base);
    say(note, "计入全年，按");
    say_rate(note, line->share);
    say(note, "于年底一次性支付，本次支付0元");
}

static void say_hospital(struct note *note, const struct policy_line *line)
{
    say(note, "目录外费用");
    say_yuan(note, line->base);
    say(note, "，控制比例以内");
    say_yuan(note, line->deductible);
    if (money_is_zero(line->amount))
        say(note, "，未超过控制比例，医疗机构承担0元");
    else {
        say(note, "，超出部分");
        say_yuan(note, line->amount);
        say(note, "由医疗机构承担，不由患者支付");
    }
}

static void say_top_up(struct note *note, const struct policy_line *line)
{
    say(note, "政策范围内费用");
    say_yuan(note, line->base);
    if (money_is_zero(line->amount)) {
        say(note, "，综合支付比例已达到");
        say_rate(note, line->share);
        say(note, "，无需补足，支付0元");
        return;
    }
    say(note, "，综合支付比例未达到");
    say_rate(note, line->share);
    say(note, "，补足支付");
    say_yuan(note, line->amount);
}

static void say_deductible(struct note *note, const struct policy_line *line)
{
    if (money_is_zero(line->deductible))
        return;
    say(note, "，扣除起付标准");
    say_yuan(note, line->deductible);
}

/* Each part of the stretch with its rate: "（200.00元按0%、2800.00元按70%）". Where not all of them fit, the first ones and
 * "……": a settlement with a shorter sentence is better than none. */
static void say_parts(struct note *note, const struct policy_stretch *stretch)
{
    const char *between = "（";
    for (size_t i = 0; i < stretch->bands->count; i++) {
        money part = policy_band_part(&stretch->bands->items[i], stretch);
        if (money_is_zero(part))
            continue;
        size_t before = note->length;
        say(note, between);
        say_yuan(note, part);
        say(note, "按");
        say_rate(note, policy_band_rate(&stretch->bands->items[i], stretch));
        if (note->length + AFTER_PARTS > NOTE_LIMIT) {
            note->length = before;
            say(note, between);
            say(note, "……");
            break;
        }
        between = "、";
    }
    say(note, "）");
}

static void say_share(struct note *note, const struct policy_line *line)
{
    if (line->share.bp != 0) {
        say(note, "，按");
        say_rate(note, line->share);
        say(note, "计算");
    } else if (line->stretch.bands != NULL && line->stretch.to.fen > line->stretch.from.fen) {
        say(note, "，分段累加计算");
        say_parts(note, &line->stretch);
    } else {
        say(note, "，合并计算");
    }
}

static void say_limit(struct note *note, const struct policy_line *line)
{
    if (line->limit == LIMIT_YEAR) {
        say(note, "，年度限额");
        say_yuan(note, line->cap);
        say(note, money_is_zero(line->amount) ? "已用完" : "封顶");
    } else if (line->limit == LIMIT_COST) {
        say(note, "，以剩余个人负担为限");
    }
}

static void say_computation(struct note *note, const struct policy_line *line)
{
    say(note, "基数");
    say_yuan(note, line->base);
    say_deductible(note, line);
    if (money_cmp(line->base, line->deductible) == 0 && !money_is_zero(line->base)) {
        say(note, "，未超过起付标准，支付0元");
        return;
    }
    bool nothing = line->rule->kind == POLICY_CUMULATIVE_BANDS && line->share.bp == 0 && money_is_zero(line->amount);
    if (nothing && line->limit == LIMIT_NONE && !money_is_zero(line->base)) {
        say(note, "，年内累计仍在不予支付的费用段，支付0元");
        return;
    }
    say_share(note, line);
    say_limit(note, line);
    say(note, "，支付");
    say_yuan(note, line->amount);
}

static void say_what(struct note *note, const struct policy_line *line)
{
    if (line->limit == LIMIT_REASON)
        say_reason(note, line);
    else if (line->limit == LIMIT_LATER)
        say_later(note, line);
    else if (line->fund == FUND_HOSPITAL)
        say_hospital(note, line);
    else if (line->rule->kind == POLICY_TOP_UP)
        say_top_up(note, line);
    else
        say_computation(note, line);
}

const char *producer_note(struct arena *arena, const struct policy_line *line)
{
    struct note note = { .length = 0 };
    say(&note, line->rule->title);
    say(&note, "（");
    say(&note, line->rule->article);
    say(&note, "）");
    if (line->category != 0) {
        say(&note, "按");
        say(&note, term_chinese(TERM_CATEGORY, line->category));
        say(&note, "待遇");
    }
    say(&note, "：");
    say_what(&note, line);
    say(&note, "。");
    return arena_copy(arena, note.text, note.length);
}

const char *producer_note_withdrawn(struct arena *arena)
{
    static const char text[] = "情况变化后本项不再适用，原支付金额收回。";
    return arena_copy(arena, text, sizeof text - 1);
}
