#include "state/frame.h"

#include <xxhash.h>

#define FORMAT 1
#define CHECKSUM_SIZE sizeof(uint64_t)

struct bytes_writer frame_begin(struct arena *arena, enum frame_kind kind, size_t expected)
{
    struct bytes_writer writer = bytes_writer_of(arena, expected + 16);
    bytes_put_number(&writer, FORMAT);
    bytes_put_number(&writer, kind);
    return writer;
}

static void to_little_endian(uint64_t number, uint8_t bytes[CHECKSUM_SIZE])
{
    for (size_t i = 0; i < CHECKSUM_SIZE; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
}

enum status frame_finish(struct bytes_writer *writer, struct text *ret_bytes)
{
    uint8_t checksum[CHECKSUM_SIZE];
    struct text bytes = bytes_written(writer);
    to_little_endian(XXH3_64bits(bytes.at, bytes.length), checksum);
    bytes_put_raw(writer, checksum, sizeof checksum);
    if (writer->failed)
        return STATUS_ARENA_FULL;
    *ret_bytes = bytes_written(writer);
    return STATUS_OK;
}

bool frame_is(struct text bytes, enum frame_kind kind)
{
    return bytes.length > 1 && bytes.at[1] == (char)kind;
}

struct bytes_reader frame_open(struct text bytes, enum frame_kind kind)
{
    uint8_t checksum[CHECKSUM_SIZE];
    struct bytes_reader reader = bytes_reader_of(TEXT_EMPTY);
    reader.failed = true;
    if (bytes.length <= CHECKSUM_SIZE)
        return reader;
    struct text framed = { bytes.at, bytes.length - CHECKSUM_SIZE };
    to_little_endian(XXH3_64bits(framed.at, framed.length), checksum);
    if (memcmp(checksum, framed.at + framed.length, CHECKSUM_SIZE) != 0)
        return reader;
    reader = bytes_reader_of(framed);
    uint64_t format = bytes_get_number(&reader), stored_kind = bytes_get_number(&reader);
    reader.failed = reader.failed || format != FORMAT || stored_kind != kind;
    return reader;
}

enum status frame_close(const struct bytes_reader *reader)
{
    return bytes_at_end(reader) ? STATUS_OK : STATUS_BAD_STATE;
}
