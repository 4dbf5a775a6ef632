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

static bool is_taken(const struct fold *fold, uint8_t subject, struct text id)
{
    for (size_t i = 0; i < fold->ledger.subject_count; i++)
        if (fold->ledger.subjects[i].subject == subject && text_equal(fold->ledger.subjects[i].id, id))
            return true;
    return false;
}

static struct text joined(struct arena *arena, struct text front, struct text back)
{
    size_t length = front.length + 1 + back.length;
    char *both = arena_take(arena, length + 1);
    if (both == NULL)
        return TEXT_EMPTY;
    memcpy(both, front.at, front.length);
    both[front.length] = '/';
    memcpy(both + front.length + 1, back.at, back.length);
    return (struct text){ both, length };
}

struct text fold_free_id(struct fold *fold, uint8_t subject, struct text id, const struct fact *fact)
{
    if (text_is_empty(id) || is_taken(fold, subject, id))
        id = fact->event_id;
    while (!text_is_empty(id) && is_taken(fold, subject, id))
        id = joined(fold->arena, id, fact->source);
    return id;
}
