#include "cli/list_rows.h"

#include <stdlib.h>
#include <string.h>

void list_rows_add(struct arena *arena, struct list_rows *rows, void *row)
{
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? 1024 : 2 * rows->capacity;
        void **items = arena_grow(arena, rows->items, rows->count, capacity, sizeof *items);
        CHECK(items != NULL);
        rows->items = items;
        rows->capacity = capacity;
    }
    rows->items[rows->count++] = row;
}

typedef int (*row_order)(const void *a, const void *b);

static int order_through(const void *a, const void *b, void *order)
{
    return (*(row_order *)order)(*(void *const *)a, *(void *const *)b);
}

void list_rows_settle(struct list_rows *rows, row_order order)
{
    size_t kept = 0;
    if (rows->count != 0)
        qsort_r(rows->items, rows->count, sizeof *rows->items, order_through, &order);
    for (size_t i = 0; i < rows->count; i++)
        if (kept == 0 || order(rows->items[kept - 1], rows->items[i]) != 0)
            rows->items[kept++] = rows->items[i];
    rows->count = kept;
}

const char *list_rows_copy(struct arena *arena, const char *text)
{
    const char *copy = arena_copy(arena, text, strlen(text));
    CHECK(copy != NULL);
    return copy;
}
