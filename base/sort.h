/** A stable merge sort of pointers that allocates nothing but from its caller: the C library's may call malloc. */
#pragma once

#include "base/arena.h"
#include "base/status.h"

typedef int (*sort_order)(const void *a, const void *b);

/** Sorts `items[0..count)`; scratch space comes from `arena` and is given back before return. ARENA_FULL, or OK. */
NODISCARD enum status sort_pointers(struct arena *arena, const void **items, size_t count, sort_order order);
