#include "state/frame.h"

#include <xxhash.h>

#define FORMAT FRAME_FORMAT
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

/* Those of lists have had another hash from the beginning. */
static uint64_t checksum_of(struct text framed)
{
    bool is_of_list = framed.length > 1 && (uint8_t)framed.at[1] <= FRAME_ROSTER_REFUSALS;
    return is_of_list ? XXH64(framed.at, framed.length, 0) : XXH3_64bits(framed.at, framed.length);
}

enum status frame_finish(struct bytes_writer *writer, struct text *ret_bytes)
{
    uint8_t checksum[CHECKSUM_SIZE];
    struct text bytes = bytes_written(writer);
    to_little_endian(checksum_of(bytes), checksum);
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

/* Whether the bytes are what was once written, of whatever format and kind. */
static bool is_sound(struct text bytes, struct text *ret_framed)
{
    uint8_t checksum[CHECKSUM_SIZE];
    if (bytes.length <= CHECKSUM_SIZE)
        return false;
    *ret_framed = (struct text){ bytes.at, bytes.length - CHECKSUM_SIZE };
    to_little_endian(checksum_of(*ret_framed), checksum);
    return memcmp(checksum, bytes.at + ret_framed->length, CHECKSUM_SIZE) == 0;
}

struct bytes_reader frame_open(struct text bytes, enum frame_kind kind)
{
    struct text framed;
    struct bytes_reader reader = bytes_reader_of(TEXT_EMPTY);
    reader.failed = true;
    if (!is_sound(bytes, &framed))
        return reader;
    reader = bytes_reader_of(framed);
    uint64_t format = bytes_get_number(&reader), stored_kind = bytes_get_number(&reader);
    reader.failed = reader.failed || format == 0 || format > FORMAT || stored_kind != kind;
    return reader;
}

enum status frame_judge(struct text bytes, struct fault *fault)
{
    struct text framed = TEXT_EMPTY;
    bool sound = is_sound(bytes, &framed);
    struct bytes_reader reader = bytes_reader_of(framed);
    uint64_t format = bytes_get_number(&reader), kind = bytes_get_number(&reader);
    if (!sound || reader.failed)
        return fault_set(fault, STATUS_BAD_STATE, "state", "a stored value of %zu bytes is damaged", bytes.length);
    if (format > FORMAT)
        return fault_set(fault, STATUS_NEWER_STATE, "state", "format %llu is stored, this program knows %d",
            (unsigned long long)format, FORMAT);
    struct text key_name = kind == FRAME_SEALED ? bytes_get_text(&reader) : TEXT_EMPTY;
    if (kind == FRAME_SEALED && text_is_utf8(key_name)) /* else we have not written it */
        return fault_set(fault, STATUS_SEALED_STATE, "state.seal_file", "a stored value is sealed with the key `%.*s`",
            TEXT_FORMAT(key_name));
    return fault_set(
        fault, STATUS_BAD_STATE, "state", "a stored value of kind %llu cannot be read", (unsigned long long)kind);
}

enum status frame_close(const struct bytes_reader *reader)
{
    return bytes_at_end(reader) ? STATUS_OK : STATUS_BAD_STATE;
}
