/** Numbers that look random and are a function of their seed: the same on every machine, so that a generated county
 *  can be named by
 *  its seed. SplitMix64 (Steele, Lea and Flood, 2014). Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/** A sequence of its own for each place: what is drawn at one place moves nothing at another. */
struct random random_at(uint64_t seed, uint64_t a, uint64_t b);

uint64_t random_next(struct random *random);
/** 0 <= result < limit; limit above zero. Its bias, limit / 2^64, is no matter here. */
int64_t random_below(struct random *random, int64_t limit);
/** Both ends belong to it. */
int64_t random_between(struct random *random, int64_t least, int64_t most);
/** True in that many of a hundred cases. */
bool random_percent(struct random *random, int percent);
