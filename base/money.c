#include "base/money.h"

#include "base/check.h"

#include <string.h>

static int64_t divide_half_up(__int128 dividend, __int128 divisor)
{
    __int128 half = divisor / 2;
    __int128 quotient = dividend >= 0 ? (dividend + half) / divisor : -((-dividend + half) / divisor);
    CHECK(quotient <= INT64_MAX && quotient >= INT64_MIN);
    return (int64_t)quotient;
}

money exact_round(exact amount)
{
    /* Nearly every amount fits 64 bits, where dividing by a constant is a multiplication. */
    if (amount.fen_bp >= 0 && amount.fen_bp <= INT64_MAX - RATE_WHOLE_BP)
        return (money){ ((int64_t)amount.fen_bp + RATE_WHOLE_BP / 2) / RATE_WHOLE_BP };
    return (money){ divide_half_up(amount.fen_bp, RATE_WHOLE_BP) };
}

money money_share(money base, rate share)
{
    return exact_round(exact_share(base, share));
}

money money_scale(money amount, int64_t numerator, int64_t denominator)
{
    CHECK(denominator > 0);
    __int128 product = (__int128)amount.fen * numerator;
    /* An odd denominator has no exact half; doubling both sides keeps "half up" exact for it too. */
    return (money){ divide_half_up(product * 2, (__int128)denominator * 2) };
}

/* Written by hand: sentences of settlements hold many amounts, and printf would cost more than computing them. */
char *money_format(money amount, char *buffer)
{
    uint64_t fen = amount.fen < 0 ? 0 - (uint64_t)amount.fen : (uint64_t)amount.fen;
    char digits[MONEY_TEXT_SIZE];
    size_t at = sizeof digits;
    for (int place = 0; place < 3 || fen != 0; place++) {
        if (place == 2)
            digits[--at] = '.';
        digits[--at] = (char)('0' + fen % 10);
        fen /= 10;
    }
    if (amount.fen < 0)
        digits[--at] = '-';
    memcpy(buffer, digits + at, sizeof digits - at);
    buffer[sizeof digits - at] = '\0';
    return buffer;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool money_parse_yuan(const char *text, money *ret_amount)
{
    bool negative = *text == '-';
    const char *p = negative ? text + 1 : text;
    int64_t fen = 0;
    if (!is_digit(*p))
        return false;
    for (; is_digit(*p); p++) {
        fen = fen * 10 + (*p - '0') * 100;
        if (fen > MONEY_LIMIT_FEN)
            return false;
    }
    if (*p == '.') {
        p++;
        if (!is_digit(*p))
            return false;
        fen += (*p++ - '0') * 10;
        if (is_digit(*p))
            fen += *p++ - '0';
    }
    if (*p != '\0' || fen > MONEY_LIMIT_FEN)
        return false;
    ret_amount->fen = negative ? -fen : fen;
    return true;
}
