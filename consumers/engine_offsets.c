#include "consumers/engine_offsets.h"

#include <stdio.h>
#include <xxhash.h>

#define FORMAT 1
#define LAST "check"

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

static uint32_t checksum_of(const char *at, size_t length)
{
    return (uint32_t)XXH3_64bits(at, length);
}

/* One "name=number"; `before` is what stands in front of it, with the blank. */
static enum status take_pair(
    struct text before, struct text pair, const char *const *topics, int64_t *next, struct text *ret_name)
{
    struct text digits;
    int64_t number;
    if (!cut(pair, '=', ret_name, &digits) || !parse_number(digits, &number))
        return STATUS_BAD_STATE;
    if (text_equal(*ret_name, TEXT("format")) && number > FORMAT)
        return STATUS_NEWER_STATE;
    if (text_equal(*ret_name, TEXT(LAST)))
        return before.length > 0 && number == checksum_of(before.at, before.length - 1) ? STATUS_OK : STATUS_BAD_STATE;
    set(topics, *ret_name, number, next);
    return STATUS_OK;
}

enum status engine_offsets_parse(struct text offsets, const char *const *topics, int64_t *ret_next)
{
    struct text left = offsets, name = TEXT_EMPTY;
    for (int i = 0; topics[i] != NULL; i++)
        ret_next[i] = 0;
    while (left.length != 0) {
        struct text pair, rest = TEXT_EMPTY, before = { offsets.at, offsets.length - left.length };
        if (text_equal(name, TEXT(LAST)))
            return STATUS_BAD_STATE; /* it is the last */
        if (!cut(left, ' ', &pair, &rest))
            pair = left;
        enum status status = take_pair(before, pair, topics, ret_next, &name);
        if (status != STATUS_OK)
            return status;
        left = rest;
    }
    return text_is_empty(offsets) || text_equal(name, TEXT(LAST)) ? STATUS_OK : STATUS_BAD_STATE;
}

static size_t append(char *buffer, size_t length, const char *name, int64_t number)
{
    size_t room = ENGINE_OFFSETS_SIZE - length;
    int wrote = snprintf(buffer + length, room, "%s%s=%lld", length == 0 ? "" : " ", name, (long long)number);
    return wrote < 0 || (size_t)wrote >= room ? 0 : length + (size_t)wrote;
}

size_t engine_offsets_format(const char *const *topics, const int64_t *next, char *buffer)
{
    size_t length = 0;
    for (int i = 0; topics[i] != NULL; i++) {
        length = append(buffer, length, topics[i], next[i]);
        if (length == 0)
            return 0;
    }
    return append(buffer, length, LAST, checksum_of(buffer, length));
}
