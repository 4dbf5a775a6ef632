#include "state/bytes.h"

#include <string.h>

struct bytes_writer bytes_writer_of(struct arena *arena, size_t capacity)
{
    struct bytes_writer writer = { .arena = arena, .capacity = capacity < 64 ? 64 : capacity };
    writer.at = arena_take_bytes(arena, writer.capacity);
    writer.failed = writer.at == NULL;
    if (writer.failed)
        writer.capacity = 0; /* so that whoever asks for room comes to bytes_grow, which says no */
    return writer;
}

bool bytes_grow(struct bytes_writer *writer, size_t length)
{
    if (writer->failed)
        return false;
    size_t capacity = writer->capacity * 2 + length;
    uint8_t *grown = arena_grow(writer->arena, writer->at, writer->length, capacity, 1);
    writer->failed = grown == NULL;
    if (writer->failed) {
        writer->capacity = writer->length; /* or something shorter would still find room */
        return false;
    }
    writer->at = grown;
    writer->capacity = capacity;
    return true;
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

uint64_t bytes_get_long(struct bytes_reader *reader)
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

bool bytes_at_end(const struct bytes_reader *reader)
{
    return !reader->failed && reader->at == reader->end;
}
