/** Compact, canonical bytes: little-endian base-128 numbers and length-prefixed texts. A reader never runs past its
 *  end: once something does not fit, everything reads as zero and `bytes_ok` says so. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

/** Grows in the arena; `failed` once the arena was full, then nothing more is written. */
struct bytes_writer {
    struct arena *arena;
    uint8_t *at;
    size_t length;
    size_t capacity;
    bool failed;
};

struct bytes_writer bytes_writer_of(struct arena *arena, size_t capacity);
struct text bytes_written(const struct bytes_writer *writer);

/** Makes room for `length` more; false once the arena was full. Only the functions below call it. */
bool bytes_grow(struct bytes_writer *writer, size_t length);

/* Inline, because a state is some hundred small numbers and is read and written for each record. A writer that failed
 * has no room any more; `failed` is looked at once, at the end. */

static inline bool bytes_has_room(struct bytes_writer *writer, size_t length)
{
    return length <= writer->capacity - writer->length || bytes_grow(writer, length);
}

static inline void bytes_put_raw(struct bytes_writer *writer, const void *bytes, size_t length)
{
    if (length == 0 || !bytes_has_room(writer, length))
        return;
    memcpy(writer->at + writer->length, bytes, length);
    writer->length += length;
}

static inline void bytes_put_number(struct bytes_writer *writer, uint64_t number)
{
    if (!bytes_has_room(writer, 10))
        return;
    while (number >= 0x80) {
        writer->at[writer->length++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    writer->at[writer->length++] = (uint8_t)number;
}

/** Zigzag: small either way. */
static inline void bytes_put_signed(struct bytes_writer *writer, int64_t number)
{
    bytes_put_number(writer, ((uint64_t)number << 1) ^ (uint64_t)(number >> 63));
}

static inline void bytes_put_text(struct bytes_writer *writer, struct text text)
{
    bytes_put_number(writer, text.length);
    bytes_put_raw(writer, text.at, text.length);
}

struct bytes_reader {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct bytes_reader bytes_reader_of(struct text bytes);

/** A number of more than one byte, or what does not fit. Only bytes_get_number calls it. */
uint64_t bytes_get_long(struct bytes_reader *reader);

static inline uint64_t bytes_get_number(struct bytes_reader *reader)
{
    return reader->at < reader->end && *reader->at < 0x80 ? *reader->at++ : bytes_get_long(reader);
}

static inline int64_t bytes_get_signed(struct bytes_reader *reader)
{
    uint64_t number = bytes_get_number(reader);
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

/** How many items follow. Each takes at least one byte, so that a count the bytes cannot hold is damage, not a request
 *  for memory. */
static inline size_t bytes_get_count(struct bytes_reader *reader)
{
    uint64_t count = bytes_get_number(reader);
    if (!reader->failed && count <= (uint64_t)(reader->end - reader->at))
        return (size_t)count;
    reader->failed = true;
    reader->at = reader->end;
    return 0;
}

/** Lent from the bytes. */
static inline struct text bytes_get_text(struct bytes_reader *reader)
{
    uint64_t length = bytes_get_number(reader);
    if (length > (uint64_t)(reader->end - reader->at)) {
        reader->failed = true;
        reader->at = reader->end;
        return TEXT_EMPTY;
    }
    struct text text = { (const char *)reader->at, length };
    reader->at += length;
    return text;
}

bool bytes_at_end(const struct bytes_reader *reader);
