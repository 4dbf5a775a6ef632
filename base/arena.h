/** The memory of one batch: one reserved region, given back in one piece.
 *
 *  A worker reserves an arena once; pages are touched only when used. Everything a batch needs comes from it, and
 *  `arena_reset` returns all of it. Nothing taken is ever freed on its own. Under the address sanitizer what is not
 *  taken is poisoned, so that a use after reset or past the end is seen. */
#pragma once

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/** Reserves `size` bytes of address space; NULL when the system refuses. The caller owns it: `arena_free`. */
struct arena *arena_new(size_t size);
void arena_free(struct arena *arena);

/** `size` zeroed bytes aligned for any type, or NULL when the arena is full, which `arena_is_full` then remembers. */
NODISCARD void *arena_take(struct arena *arena, size_t size);
/** The same, but not zeroed: for bytes of which none is read before it was written. */
NODISCARD void *arena_take_bytes(struct arena *arena, size_t size);
/** Space for `count` items; NULL also when the product overflows. */
NODISCARD void *arena_take_array(struct arena *arena, size_t count, size_t size);
/** A copy that lives until the reset, with a NUL behind it. */
NODISCARD char *arena_copy(struct arena *arena, const void *bytes, size_t size);

/** Grows an array taken from this arena: the old items stand at the front of the new place. Linear only in the old
 *  size. */
NODISCARD void *arena_grow(struct arena *arena, void *items, size_t old_count, size_t new_count, size_t size);

/** True once any take has failed since the last reset: what was built since then must be thrown away. */
bool arena_is_full(const struct arena *arena);
size_t arena_used(const struct arena *arena);
void arena_reset(struct arena *arena);

/** A mark and the way back to it: what was taken since is given back (a trial computation, one record of a batch). */
size_t arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, size_t mark);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_take_array((arena), (count), sizeof(type)))
