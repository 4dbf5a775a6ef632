#include "base/text.h"

/* The number of bytes of the well-formed sequence at `at`, or 0 (Unicode 15, table 3-7). */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    if (lead >= 0x01 && lead <= 0x7f)
        return 1;
    size_t length = lead >= 0xc2 && lead <= 0xdf ? 2
        : lead >= 0xe0 && lead <= 0xef           ? 3
        : lead >= 0xf0 && lead <= 0xf4           ? 4
                                                 : 0;
    if (length == 0 || length > left)
        return 0;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

bool text_is_utf8(struct text text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    for (size_t i = 0; i < text.length;) {
        size_t length = sequence_length(at + i, text.length - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

#define DISTANCE_LIMIT 64

static int min3(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

int text_distance(struct text a, struct text b)
{
    if (a.length > DISTANCE_LIMIT || b.length > DISTANCE_LIMIT)
        return DISTANCE_LIMIT;
    int row[DISTANCE_LIMIT + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a.length; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b.length; j++) {
            int replaced = diagonal + (a.at[i - 1] != b.at[j - 1]);
            diagonal = row[j];
            row[j] = min3(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[b.length];
}
