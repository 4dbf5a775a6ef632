#include "consumers/engine_offsets.h"

#include <stdio.h>

/* Cuts the text at the first `mark`; false when there is none. */
static bool cut(struct text whole, char mark, struct text *ret_before, struct text *ret_after)
{
    const char *at = whole.length == 0 ? NULL : memchr(whole.at, mark, whole.length);
    if (at == NULL)
        return false;
    *ret_before = (struct text){ whole.at, (size_t)(at - whole.at) };
    *ret_after = (struct text){ at + 1, whole.length - ret_before->length - 1 };
    return true;
}

static bool parse_number(struct text digits, int64_t *ret_number)
{
    int64_t number = 0;
    if (digits.length == 0 || digits.length > 18)
        return false;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        number = number * 10 + (digits.at[i] - '0');
    }
    *ret_number = number;
    return true;
}

/* A topic that this version does not read keeps no place: reading it again later costs time and changes nothing. */
static void set(const char *const *topics, struct text name, int64_t offset, int64_t *next)
{
    for (int i = 0; topics[i] != NULL; i++)
        if (text_equal(text_of(topics[i]), name))
            next[i] = offset;
}

enum status engine_offsets_parse(struct text offsets, const char *const *topics, int64_t *ret_next)
{
    for (int i = 0; topics[i] != NULL; i++)
        ret_next[i] = 0;
    while (offsets.length != 0) {
        struct text pair, rest = TEXT_EMPTY, name, digits;
        int64_t offset;
        if (!cut(offsets, ' ', &pair, &rest))
            pair = offsets;
        if (!cut(pair, '=', &name, &digits) || !parse_number(digits, &offset))
            return STATUS_BAD_STATE;
        set(topics, name, offset, ret_next);
        offsets = rest;
    }
    return STATUS_OK;
}

size_t engine_offsets_format(const char *const *topics, const int64_t *next, char *buffer)
{
    size_t length = 0;
    for (int i = 0; topics[i] != NULL; i++) {
        int wrote = snprintf(buffer + length, ENGINE_OFFSETS_SIZE - length, "%s%s=%lld", i == 0 ? "" : " ", topics[i],
            (long long)next[i]);
        if (wrote < 0 || (size_t)wrote >= ENGINE_OFFSETS_SIZE - length)
            return 0;
        length += (size_t)wrote;
    }
    return length;
}
