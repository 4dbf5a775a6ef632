/** The encodings in which offices' programs save text: UTF-8, GB18030 (what Excel in Chinese calls CSV), UTF-16 (what
 *  it calls Unicode text). */
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

enum csv_encoding { CSV_UTF8, CSV_GB18030, CSV_UTF16, CSV_ENCODING_COUNT };

/** "UTF-8", "GB18030", "UTF-16". */
const char *csv_encoding_name(enum csv_encoding encoding);

/** The bytes as UTF-8 without a byte order mark, lent or in the arena. A mark rules out the other encodings; UTF-16
 *  needs one. BAD_UTF8: not text in this encoding; ARENA_FULL; SYSTEM: the C library does not have the encoding. */
NODISCARD enum status csv_decode(
    enum csv_encoding encoding, struct arena *arena, struct text bytes, struct text *ret_text);
