#include "base/sort.h"

#include <string.h>

/** Below this insertion is faster than merging, and most persons have fewer facts. */
#define SMALL 12

static void insertion(const void **items, size_t count, sort_order order)
{
    for (size_t i = 1; i < count; i++) {
        const void *item = items[i];
        size_t at = i;
        for (; at > 0 && order(items[at - 1], item) > 0; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

static void merge(const void **items, size_t middle, size_t count, const void **scratch, sort_order order)
{
    memcpy(scratch, items, middle * sizeof *items);
    size_t left = 0, right = middle, to = 0;
    while (left < middle)
        items[to++] = right < count && order(scratch[left], items[right]) > 0 ? items[right++] : scratch[left++];
}

/* Recursion halves each time: at most 32 deep for anything that fits a batch. */
static void sort(const void **items, size_t count, const void **scratch, sort_order order)
{
    if (count <= SMALL) {
        insertion(items, count, order);
        return;
    }
    size_t middle = count / 2;
    sort(items, middle, scratch, order);
    sort(items + middle, count - middle, scratch, order);
    if (order(items[middle - 1], items[middle]) > 0)
        merge(items, middle, count, scratch, order);
}

enum status sort_pointers(struct arena *arena, const void **items, size_t count, sort_order order)
{
    if (count <= SMALL) {
        insertion(items, count, order);
        return STATUS_OK;
    }
    size_t mark = arena_mark(arena);
    const void **scratch = (const void **)arena_take_array(arena, count / 2 + 1, sizeof *scratch);
    if (scratch == NULL)
        return STATUS_ARENA_FULL;
    sort(items, count, scratch, order);
    arena_rewind(arena, mark);
    return STATUS_OK;
}
