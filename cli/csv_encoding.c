#include "cli/csv_encoding.h"

#include <iconv.h>

#define MARK_UTF8 TEXT("\xef\xbb\xbf")
#define MARK_UTF16_LITTLE TEXT("\xff\xfe")
#define MARK_UTF16_BIG TEXT("\xfe\xff")

static const char *const names[] = { "UTF-8", "GB18030", "UTF-16" };

const char *csv_encoding_name(enum csv_encoding encoding)
{
    return names[encoding];
}

static bool has_utf16_mark(struct text bytes)
{
    return text_begins(bytes, MARK_UTF16_LITTLE) || text_begins(bytes, MARK_UTF16_BIG);
}

/* GB18030 makes at most three bytes of two, and UTF-16 as well: twice the room is enough. */
static enum status convert(iconv_t converter, struct arena *arena, struct text bytes, struct text *ret_text)
{
    size_t room = 2 * bytes.length + 16, left = room, unread = bytes.length;
    char *text = arena_take(arena, room), *to = text, *from = (char *)(uintptr_t)bytes.at;
    if (text == NULL)
        return STATUS_ARENA_FULL;
    if (iconv(converter, &from, &unread, &to, &left) == (size_t)-1)
        return STATUS_BAD_UTF8;
    struct text converted = { text, room - left };
    if (!text_is_utf8(converted)) /* a NUL passes through every converter */
        return STATUS_BAD_UTF8;
    *ret_text = converted;
    return STATUS_OK;
}

static enum status decode_by(const char *name, struct arena *arena, struct text bytes, struct text *ret_text)
{
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter == (iconv_t)-1)
        return STATUS_SYSTEM;
    enum status status = convert(converter, arena, bytes, ret_text);
    iconv_close(converter);
    return status;
}

static enum status decode_utf8(struct text bytes, struct text *ret_text)
{
    if (text_begins(bytes, MARK_UTF8))
        bytes = (struct text){ bytes.at + MARK_UTF8.length, bytes.length - MARK_UTF8.length };
    if (!text_is_utf8(bytes))
        return STATUS_BAD_UTF8;
    *ret_text = bytes;
    return STATUS_OK;
}

enum status csv_decode(enum csv_encoding encoding, struct arena *arena, struct text bytes, struct text *ret_text)
{
    if (encoding == CSV_UTF8)
        return decode_utf8(bytes, ret_text);
    bool is_marked = has_utf16_mark(bytes);
    if (text_begins(bytes, MARK_UTF8) || is_marked != (encoding == CSV_UTF16))
        return STATUS_BAD_UTF8;
    return decode_by(names[encoding], arena, bytes, ret_text);
}
