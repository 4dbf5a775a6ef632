/** What the departments were told of one person, as far as a later close has to know it: which warnings await an
 *  answer, who stood in the list of the month before, what was said once and is not said again.
 *
 *  It is kept beside the person, not in it: the facts of a person are a set, what was told depends on the order in
 *  which they came. All of it comes from the topic `period-close`, so that a rebuild ends in the same bytes. Pure. */
#pragma once

#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "base/text.h"

/** Warnings that are remembered of one person; the oldest are forgotten first. Six years in every monthly list. */
#define TOLD_LIMIT 96

/** One warning. Lent. */
struct told {
    uint8_t kind; /* WATCH_CROSSED, WATCH_MONTHLY, WATCH_REPLY_OVERDUE or WATCH_CLAIM_DEADLINE */
    int8_t month; /* with MONTHLY: 1..12 of `year` */
    int16_t year; /* of the burden */
    struct text warning_id;
    struct text subject_id; /* CLAIM_DEADLINE: the encounter; REPLY_OVERDUE: the warning without an answer */
    day reply_due_on;       /* with CROSSED */
};

struct told_list {
    struct told items[TOLD_LIMIT]; /* in the order in which they were told */
    size_t count;
};

/** Empty bytes are an empty list. Texts are lent from the bytes. BAD_STATE, ARENA_FULL or OK. */
NODISCARD enum status told_decode(struct arena *arena, struct text bytes, struct told_list **ret_list);
NODISCARD enum status told_encode(struct arena *arena, const struct told_list *list, struct text *ret_bytes);

/** Whether the list is another one now: a warning that is known changes nothing. */
bool told_add(struct told_list *list, const struct told *told);

/** The last of this kind about that year; NULL: none. */
const struct told *told_last(const struct told_list *list, int kind, int year);
/** Whether this was told about that encounter or warning. */
bool told_has_subject(const struct told_list *list, int kind, struct text subject_id);
/** Whether the person stood in the list of that month. */
bool told_was_listed(const struct told_list *list, int year, int month);
