/** Money in fen and rates in basis points, as types that do not mix. Pure; integers only, no float anywhere.
 *
 *  An amount on the wire is at most MONEY_LIMIT_FEN, and a person has a bounded number of facts, so sums fit int64;
 *  products are taken in 128 bits. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** 100 billion yuan: larger than any bill, small enough that a person's whole life of them can be added. */
#define MONEY_LIMIT_FEN INT64_C(10000000000000)
#define RATE_WHOLE_BP 10000

typedef struct {
    int64_t fen;
} money;

typedef struct {
    int32_t bp;
} rate;

/** An exact, unrounded sum of fen x basis points; rounded once, at the end of a line (rules.md G1). */
typedef struct {
    __int128 fen_bp;
} exact;

#define MONEY_ZERO ((money){ 0 })
#define MONEY_FEN(amount) ((money){ (amount) })
#define RATE_BP(points) ((rate){ (points) })

static inline money money_add(money a, money b)
{
    return (money){ a.fen + b.fen };
}

static inline money money_sub(money a, money b)
{
    return (money){ a.fen - b.fen };
}

/** a - b, but not below zero. */
static inline money money_minus_floor(money a, money b)
{
    return (money){ a.fen > b.fen ? a.fen - b.fen : 0 };
}

static inline money money_min(money a, money b)
{
    return a.fen < b.fen ? a : b;
}

static inline money money_max(money a, money b)
{
    return a.fen > b.fen ? a : b;
}

static inline int money_cmp(money a, money b)
{
    return (a.fen > b.fen) - (a.fen < b.fen);
}

static inline bool money_is_zero(money a)
{
    return a.fen == 0;
}

/** The exact product, for sums that are rounded later. */
static inline exact exact_share(money base, rate share)
{
    return (exact){ (__int128)base.fen * share.bp };
}

static inline exact exact_add(exact a, exact b)
{
    return (exact){ a.fen_bp + b.fen_bp };
}

static inline exact exact_sub(exact a, exact b)
{
    return (exact){ a.fen_bp - b.fen_bp };
}

/** Half up to the fen, halves away from zero below it: 8641.969 yuan -> 864197 fen. */
money exact_round(exact amount);

/** base x share, rounded half up to the fen: the one multiply-and-round (G1). */
money money_share(money base, rate share);

/** amount x numerator / denominator, rounded half up to the fen; denominator above zero, result within int64. */
money money_scale(money amount, int64_t numerator, int64_t denominator);

/** "1234.05" for 123405 fen; `buffer` has at least MONEY_TEXT_SIZE bytes. Returns buffer. */
#define MONEY_TEXT_SIZE 32
char *money_format(money amount, char *buffer);

/** Reads "1234.05", "1234", "-0.5" (yuan, at most two decimals) into fen; false when it is not one or beyond the
 *  limit. */
bool money_parse_yuan(const char *text, money *ret_amount);
