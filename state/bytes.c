#include "state/bytes.h"

#include <string.h>

struct bytes_writer bytes_writer_of(struct arena *arena, size_t capacity)
{
    struct bytes_writer writer = { .arena = arena, .capacity = capacity < 64 ? 64 : capacity };
    writer.at = arena_take_array(arena, writer.capacity, 1);
    writer.failed = writer.at == NULL;
    return writer;
}

static bool has_room(struct bytes_writer *writer, size_t length)
{
    if (writer->failed)
        return false;
    if (length <= writer->capacity - writer->length)
        return true;
    size_t capacity = writer->capacity * 2 + length;
    uint8_t *grown = arena_grow(writer->arena, writer->at, writer->length, capacity, 1);
    writer->failed = grown == NULL;
    if (writer->failed)
        return false;
    writer->at = grown;
    writer->capacity = capacity;
    return true;
}

void bytes_put_raw(struct bytes_writer *writer, const void *bytes, size_t length)
{
    if (length == 0 || !has_room(writer, length))
        return;
    memcpy(writer->at + writer->length, bytes, length);
    writer->length += length;
}

void bytes_put_number(struct bytes_writer *writer, uint64_t number)
{
    if (!has_room(writer, 10))
        return;
    while (number >= 0x80) {
        writer->at[writer->length++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    writer->at[writer->length++] = (uint8_t)number;
}

void bytes_put_signed(struct bytes_writer *writer, int64_t number)
{
    bytes_put_number(writer, ((uint64_t)number << 1) ^ (uint64_t)(number >> 63));
}

void bytes_put_text(struct bytes_writer *writer, struct text text)
{
    bytes_put_number(writer, text.length);
    bytes_put_raw(writer, text.at, text.length);
}

struct text bytes_written(const struct bytes_writer *writer)
{
    return (struct text){ (const char *)writer->at, writer->failed ? 0 : writer->length };
}

struct bytes_reader bytes_reader_of(struct text bytes)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    return (struct bytes_reader){ .at = at, .end = at + bytes.length };
}

uint64_t bytes_get_number(struct bytes_reader *reader)
{
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
        uint8_t byte = *reader->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    reader->failed = true;
    reader->at = reader->end;
    return 0;
}

int64_t bytes_get_signed(struct bytes_reader *reader)
{
    uint64_t number = bytes_get_number(reader);
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

struct text bytes_get_text(struct bytes_reader *reader)
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

bool bytes_at_end(const struct bytes_reader *reader)
{
    return !reader->failed && reader->at == reader->end;
}
