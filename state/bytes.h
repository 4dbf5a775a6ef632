/** Compact, canonical bytes: little-endian base-128 numbers and length-prefixed texts. A reader never runs past its end: once
 *  something does not fit, everything reads as zero and `bytes_ok` says so. */
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
void bytes_put_raw(struct bytes_writer *writer, const void *bytes, size_t length);
void bytes_put_number(struct bytes_writer *writer, uint64_t number);
void bytes_put_signed(struct bytes_writer *writer, int64_t number); /* zigzag: small either way */
void bytes_put_text(struct bytes_writer *writer, struct text text);
struct text bytes_written(const struct bytes_writer *writer);

struct bytes_reader {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct bytes_reader bytes_reader_of(struct text bytes);
uint64_t bytes_get_number(struct bytes_reader *reader);
int64_t bytes_get_signed(struct bytes_reader *reader);
struct text bytes_get_text(struct bytes_reader *reader); /* lent from the bytes */
bool bytes_at_end(const struct bytes_reader *reader);
