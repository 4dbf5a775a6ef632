#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#define POISON(at, size) __asan_poison_memory_region((at), (size))
#define UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
#define GUARD 16 /* a poisoned gap between two takes */
#else
#define POISON(at, size) ((void)0)
#define UNPOISON(at, size) ((void)0)
#define GUARD 0
#endif

#define ARENA_MAGIC 0x41524e41u
#define ALIGNMENT 16
#define PAGE_BYTES ((size_t)2 << 20) /* of a huge page, so that none is broken up */
/** At least so much stays resident. What batches keep using stays as well, or each would fault in all of its pages
 *  again, which
 *  costs more than a settlement; but one giant does not stay: `keep` at most doubles with a batch, and shrinks when
 *  unused. */
#define KEEP_BYTES ((size_t)16 << 20)

struct arena {
    uint32_t magic;
    bool full;
    char *base;
    size_t size;
    size_t used;
    size_t keep;     /* bytes that reset leaves resident */
    size_t resident; /* bytes that may be resident: the most used since pages were last returned */
};

struct arena *arena_new(size_t size)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return NULL;
    arena->base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (arena->base == MAP_FAILED) {
        free(arena);
        return NULL;
    }
    /* A batch walks once through many megabytes: huge pages spare it a fault every four kilobytes. Where there are
     * none, well. */
    (void)madvise(arena->base, size, MADV_HUGEPAGE);
    arena->magic = ARENA_MAGIC;
    arena->size = size;
    arena->keep = KEEP_BYTES;
    POISON(arena->base, size);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    CHECK(arena->magic == ARENA_MAGIC);
    UNPOISON(arena->base, arena->size);
    munmap(arena->base, arena->size);
    arena->magic = 0;
    free(arena);
}

/* Rounds up so that the next take is aligned. */
void *arena_take_bytes(struct arena *arena, size_t size)
{
    CHECK(arena->magic == ARENA_MAGIC);
    size_t room = arena->size - arena->used;
    if (size > room || room - size < ALIGNMENT + GUARD) {
        arena->full = true;
        return NULL;
    }
    char *at = arena->base + arena->used;
    arena->used += (size + GUARD + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    UNPOISON(at, size);
    return at;
}

void *arena_take(struct arena *arena, size_t size)
{
    void *at = arena_take_bytes(arena, size);
    return at == NULL ? NULL : memset(at, 0, size);
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        arena->full = true;
        return NULL;
    }
    return arena_take(arena, total);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    char *copy = arena_take_bytes(arena, size + 1);
    if (copy == NULL)
        return NULL;
    if (size != 0)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

void *arena_grow(struct arena *arena, void *items, size_t old_count, size_t new_count, size_t size)
{
    CHECK(new_count >= old_count);
    void *grown = arena_take_array(arena, new_count, size);
    if (grown != NULL && old_count != 0)
        memcpy(grown, items, old_count * size);
    return grown;
}

bool arena_is_full(const struct arena *arena)
{
    return arena->full;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

size_t arena_mark(const struct arena *arena)
{
    return arena->used;
}

void arena_rewind(struct arena *arena, size_t mark)
{
    CHECK(arena->magic == ARENA_MAGIC && mark <= arena->used);
    POISON(arena->base + mark, arena->used - mark);
    arena->used = mark;
}

/* Doubles towards what is used, and gives up an eighth of what was not. */
static size_t keep_after(size_t keep, size_t used)
{
    if (used > keep)
        return used < 2 * keep ? used : 2 * keep;
    size_t less = keep - keep / 8;
    return less < KEEP_BYTES ? KEEP_BYTES : used < less ? less : keep;
}

void arena_reset(struct arena *arena)
{
    size_t used = arena->used;
    arena_rewind(arena, 0);
    arena->full = false;
    if (used == 0)
        return; /* between two batches: it says nothing of what they need */
    if (used > arena->resident)
        arena->resident = used;
    arena->keep = keep_after(arena->keep, used);
    if (arena->resident <= arena->keep)
        return;
    size_t kept = (arena->keep + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    if (kept < arena->resident)
        madvise(arena->base + kept, arena->resident - kept, MADV_DONTNEED);
    arena->resident = kept;
}
