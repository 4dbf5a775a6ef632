/** The records of a list while they are gathered: any number, in any order, some of them twice. */
#pragma once

#include "base/arena.h"

struct list_rows {
    void **items;
    size_t count, capacity;
};

/** Keeps a row of this arena. A list that does not fit an arena of LIST_ARENA_BYTES is none of an office (CHECK). */
void list_rows_add(struct arena *arena, struct list_rows *rows, void *row);
/** Sorts, and keeps one of those that are equal. `order` is given pointers to rows. */
void list_rows_settle(struct list_rows *rows, int (*order)(const void *a, const void *b));
/** A copy with its end. */
const char *list_rows_copy(struct arena *arena, const char *text);

/** Millions of rows; pages are touched only when used. */
#define LIST_ARENA_BYTES ((size_t)4 << 30)
