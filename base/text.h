/** A borrowed run of bytes: text that somebody else owns and that outlives its use. Not terminated. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    const char *at;
    size_t length;
};

#define TEXT_EMPTY ((struct text){ "", 0 })
#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })
/** For printf's "%.*s". */
#define TEXT_FORMAT(text) (int)(text).length, (text).at

static inline struct text text_of(const char *terminated)
{
    return terminated == NULL ? TEXT_EMPTY : (struct text){ terminated, strlen(terminated) };
}

static inline bool text_is_empty(struct text text)
{
    return text.length == 0;
}

/** Bytewise, a prefix before what it begins: the order that rules.md and contract.md mean by "bytewise". */
static inline int text_cmp(struct text a, struct text b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/** For short prefixes, such as region codes: looks byte by byte. */
static inline bool text_begins(struct text text, struct text prefix)
{
    if (text.length < prefix.length)
        return false;
    for (size_t i = 0; i < prefix.length; i++)
        if (text.at[i] != prefix.at[i])
            return false;
    return true;
}

/** Well-formed UTF-8 without NUL, surrogates or overlong forms. */
bool text_is_utf8(struct text text);

/** How many single-character edits make one of the other; for "did you mean". Both at most 64 bytes, else 64. */
int text_distance(struct text a, struct text b);
