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

struct text fold_free_id(const struct fold *fold, uint8_t subject, struct text id, struct text otherwise)
{
    if (text_is_empty(id))
        return otherwise;
    for (size_t i = 0; i < fold->ledger.subject_count; i++)
        if (fold->ledger.subjects[i].subject == subject && text_equal(fold->ledger.subjects[i].id, id))
            return otherwise;
    return id;
}
