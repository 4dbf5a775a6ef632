#include "state/fold_parts.h"

#include <string.h>

void fold_find_kinds(struct fold *fold)
{
    const struct fold_input *input = fold->input;
    for (size_t i = 0; i < input->count; i++) {
        struct fold_range *range = &fold->kinds[input->facts[i]->kind];
        if (range->count++ == 0)
            range->from = i;
    }
}

struct text fold_year_text(struct fold *fold, int year)
{
    char digits[4] = { (char)('0' + year / 1000 % 10), (char)('0' + year / 100 % 10), (char)('0' + year / 10 % 10),
        (char)('0' + year % 10) };
    char *copy = arena_copy(fold->arena, digits, sizeof digits);
    return copy == NULL ? TEXT_EMPTY : (struct text){ copy, sizeof digits };
}

void fold_begin_year(struct fold *fold)
{
    (void)fold;
}

struct policy_gates fold_gates(const struct fold *fold, const struct encounter *encounter)
{
    (void)fold;
    bool manual = encounter->discharge->discharge.visit.channel == CHANNEL_MANUAL;
    return (struct policy_gates){ .claim = manual ? CLAIM_MISSING : CLAIM_NOT_NEEDED, .paid_months = -1 };
}

void fold_use_account(struct fold *fold, const struct encounter *encounter, struct ledger_subject *subject)
{
    (void)fold, (void)encounter, (void)subject;
}
