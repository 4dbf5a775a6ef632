/** A line of a settlement: what one rule made of one visit, with everything its sentence needs. Plain values. */
#pragma once

#include "base/check.h"
#include "policy/pack.h"

/** Where a base lies on bands: its sentence tells each part with its rate. */
struct policy_stretch {
    const struct policy_bands *bands; /* NULL: the rule has none */
    money from;
    money to;
    rate change; /* of each band's rate */
};

/** Why a line pays less than its share, or nothing. */
enum policy_limit {
    LIMIT_NONE,
    LIMIT_YEAR,   /* the rule's or the group's yearly cap, `cap` */
    LIMIT_COST,   /* no more than what is left of the cost (rules.md G12) */
    LIMIT_LATER,  /* paid once, at the year's end */
    LIMIT_REASON, /* `reason` says why there is nothing */
};

struct policy_line {
    const struct policy_rule *rule;
    uint8_t fund;     /* FUND_... */
    uint8_t limit;    /* LIMIT_... */
    uint8_t reason;   /* REASON_... with LIMIT_REASON */
    uint8_t category; /* CATEGORY_... it was computed for, 0 where none matters */
    bool capped;
    rate share;       /* 0 where bands mix */
    money base;       /* as the rule names it (rules.md G11) */
    money deductible; /* the part of base that the rule's deductible absorbed */
    money amount;
    money cap;                     /* with LIMIT_YEAR: what the cap was */
    exact deferred;                /* with LIMIT_LATER: what the year's end will sum */
    struct policy_stretch stretch; /* of a rule with bands */
};

struct policy_lines {
    struct policy_line items[POLICY_LINE_LIMIT];
    size_t count;
};

/** The next line, of this rule and its fund, with nothing in it yet; it counts from now on. Filled in place: copying
 *  lines costs more than computing them. */
static inline struct policy_line *policy_lines_new(struct policy_lines *lines, const struct policy_rule *rule)
{
    CHECK(lines->count < POLICY_LINE_LIMIT);
    struct policy_line *line = &lines->items[lines->count++];
    *line = (struct policy_line){ .rule = rule, .fund = rule->fund };
    return line;
}

/** Appends; the loader has made sure that a visit cannot have more lines than the limit. */
static inline void policy_lines_add(struct policy_lines *lines, const struct policy_line *line)
{
    CHECK(lines->count < POLICY_LINE_LIMIT);
    lines->items[lines->count++] = *line;
}

/** Lowers the amount to `most` and remembers which limit bit. */
void policy_line_limit(struct policy_line *line, money most, enum policy_limit limit);

/** The sum of the lines of one rule so far. */
money policy_lines_of(const struct policy_lines *lines, uint8_t rule_index);
