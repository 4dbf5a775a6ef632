#include "producers/cause.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { ID_DIGITS = 32 };

/* Each part is followed by its length, so that no two lists of parts run together to the same bytes. */
static void add_part(XXH3_state_t *state, const void *bytes, size_t length)
{
    XXH3_128bits_update(state, bytes, length);
    XXH3_128bits_update(state, &length, sizeof length);
}

char *producer_id(struct arena *arena, const struct producer_cause *cause, const struct text *parts, size_t count)
{
    char *id = arena_take(arena, ID_DIGITS + 1);
    if (id == NULL)
        return NULL;
    XXH3_state_t state;
    XXH3_128bits_reset(&state);
    for (size_t i = 0; i < count; i++)
        add_part(&state, parts[i].at, parts[i].length);
    add_part(&state, cause->topic, strlen(cause->topic));
    add_part(&state, &cause->record->partition, sizeof cause->record->partition);
    add_part(&state, &cause->record->offset, sizeof cause->record->offset);
    XXH128_hash_t hash = XXH3_128bits_digest(&state);
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < ID_DIGITS / 2; i++) {
        id[i] = digits[(hash.high64 >> (60 - 4 * i)) & 15];
        id[ID_DIGITS / 2 + i] = digits[(hash.low64 >> (60 - 4 * i)) & 15];
    }
    return id;
}
