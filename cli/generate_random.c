#include "cli/generate_random.h"

static uint64_t mix(uint64_t number)
{
    number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

uint64_t random_next(struct random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(random->state);
}

struct random random_at(uint64_t seed, uint64_t a, uint64_t b)
{
    return (struct random){ mix(mix(mix(seed + 1) + a) + b) };
}

int64_t random_below(struct random *random, int64_t limit)
{
    return (int64_t)(((unsigned __int128)random_next(random) * (uint64_t)limit) >> 64);
}

int64_t random_between(struct random *random, int64_t least, int64_t most)
{
    return least + random_below(random, most - least + 1);
}

bool random_percent(struct random *random, int percent)
{
    return random_below(random, 100) < percent;
}
