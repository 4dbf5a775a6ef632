#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* A copy of exactly its size, so that the address sanitizer sees a step past the end. */
static bool is_utf8(struct text text)
{
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    assert_non_null(copy);
    memcpy(copy, text.at, text.length);
    bool result = text_is_utf8((struct text){ copy, text.length });
    free(copy);
    return result;
}

#define REFUSES(literal) assert_false(is_utf8(TEXT(literal)))
#define TAKES(literal) assert_true(is_utf8(TEXT(literal)))

static void malformed_text_is_seen(void **state)
{
    (void)state;
    REFUSES("\0");
    REFUSES("a\0b");
    REFUSES("\x80");
    REFUSES("\xbf");
    REFUSES("a\x80");
    REFUSES("\xc0\x80");         /* overlong NUL */
    REFUSES("\xc1\xbf");         /* overlong U+007F */
    REFUSES("\xc2");             /* cut off */
    REFUSES("\xc2\x7f");         /* the second byte is none */
    REFUSES("\xc2\xc0");         /* another lead */
    REFUSES("\xe0\x9f\xbf");     /* overlong U+07FF */
    REFUSES("\xe5\x8e");         /* cut off */
    REFUSES("\xe5\x8e\x41");     /* the third byte is none */
    REFUSES("\xed\xa0\x80");     /* U+D800, a surrogate */
    REFUSES("\xed\xbf\xbf");     /* U+DFFF */
    REFUSES("\xf0\x8f\xbf\xbf"); /* overlong U+FFFF */
    REFUSES("\xf0\x9f\x98");     /* cut off */
    REFUSES("\xf0\x9f\x98\xc0"); /* the fourth byte is none */
    REFUSES("\xf4\x90\x80\x80"); /* U+110000 */
    REFUSES("\xf5\x80\x80\x80");
    REFUSES("\xfe");
    REFUSES("\xff");
    REFUSES("\xd1\xf4\xb3\xc7"); /* GB18030 */
}

static void well_formed_text_is_taken(void **state)
{
    (void)state;
    TAKES("");
    TAKES("\x01\x7f");
    TAKES("\xc2\x80\xdf\xbf");
    TAKES("\xe0\xa0\x80\xec\xbf\xbf");
    TAKES("\xed\x80\x80\xed\x9f\xbf");
    TAKES("\xee\x80\x80\xef\xbf\xbf");
    TAKES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    TAKES("平顺县医疗救助");
}

static size_t encode(uint32_t point, char *at)
{
    if (point < 0x80)
        return at[0] = (char)point, 1;
    if (point < 0x800)
        return at[0] = (char)(0xc0 | point >> 6), at[1] = (char)(0x80 | (point & 0x3f)), 2;
    size_t length = point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, point >>= 6)
        at[i] = (char)(0x80 | (point & 0x3f));
    at[0] = (char)((length == 3 ? 0xe0 : 0xf0) | point);
    return length;
}

static void every_character_but_nul_and_surrogates(void **state)
{
    (void)state;
    char bytes[4];
    for (uint32_t point = 0; point <= 0x110400; point++) {
        bool expected = point != 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
        struct text text = { bytes, encode(point, bytes) };
        if (text_is_utf8(text) != expected)
            fail_msg("U+%04X", point);
    }
}

/* Every pair of bytes, by the definition: two ASCII, or one two-byte character. */
static void every_pair_of_bytes(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            char bytes[2] = { (char)a, (char)b };
            bool ascii = a != 0 && a < 0x80 && b != 0 && b < 0x80;
            bool one = a >= 0xc2 && a < 0xe0 && b >= 0x80 && b < 0xc0;
            if (text_is_utf8((struct text){ bytes, 2 }) != (ascii || one))
                fail_msg("%02x %02x", a, b);
        }
}

static void distance_is(const char *a, const char *b, int expected)
{
    int there = text_distance(text_of(a), text_of(b)), back = text_distance(text_of(b), text_of(a));
    if (there != expected || back != expected)
        fail_msg("\"%s\" and \"%s\": %d and %d, not %d", a, b, there, back, expected);
}

static void distances_for_did_you_mean(void **state)
{
    (void)state;
    distance_is("", "", 0);
    distance_is("", "abc", 3);
    distance_is("abc", "abc", 0);
    distance_is("abc", "abd", 1);
    distance_is("abc", "ab", 1);
    distance_is("abc", "xabc", 1);
    distance_is("abc", "acb", 2);
    distance_is("kitten", "sitting", 3);
    distance_is("deductible", "deductable", 1);
    char longest[66], longer[66];
    memset(longest, 'a', sizeof longest);
    memset(longer, 'a', sizeof longer);
    longest[64] = longer[65] = '\0';
    distance_is(longest, longest, 0);
    distance_is(longest, longer, 64);
    distance_is(longer, longer, 64);
}

static void order_is(struct text a, struct text b, int sign)
{
    int there = text_cmp(a, b), back = text_cmp(b, a);
    assert_int_equal((there > 0) - (there < 0), sign);
    assert_int_equal((back > 0) - (back < 0), -sign);
    assert_int_equal(text_equal(a, b), sign == 0);
}

static void text_has_the_order_of_its_bytes(void **state)
{
    (void)state;
    order_is(TEXT_EMPTY, TEXT(""), 0);
    order_is((struct text){ NULL, 0 }, TEXT_EMPTY, 0);
    order_is(TEXT_EMPTY, TEXT("a"), -1);
    order_is(TEXT("a"), TEXT("a\0"), -1);
    order_is(TEXT("ab"), TEXT("b"), -1);
    order_is(TEXT("E10"), TEXT("E9"), -1);
    order_is(TEXT("Z"), TEXT("a"), -1);
    order_is(TEXT("z"), TEXT("\x80"), -1);
    order_is(TEXT("abc"), TEXT("abc"), 0);
}

static void small_words(void **state)
{
    (void)state;
    assert_true(text_is_empty(text_of(NULL)));
    assert_true(text_is_empty(text_of("")));
    assert_int_equal(text_of("abc").length, 3);
    assert_true(text_begins(TEXT("140425"), TEXT("1404")));
    assert_true(text_begins(TEXT("1404"), TEXT("1404")));
    assert_true(text_begins(TEXT("1404"), TEXT_EMPTY));
    assert_false(text_begins(TEXT("140"), TEXT("1404")));
    assert_false(text_begins(TEXT("140522"), TEXT("1404")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_text_is_seen),
        cmocka_unit_test(well_formed_text_is_taken),
        cmocka_unit_test(every_character_but_nul_and_surrogates),
        cmocka_unit_test(every_pair_of_bytes),
        cmocka_unit_test(distances_for_did_you_mean),
        cmocka_unit_test(text_has_the_order_of_its_bytes),
        cmocka_unit_test(small_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
