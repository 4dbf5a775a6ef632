#include "consumers/home.h"

/* Murmur2 as Kafka's Java client computes it. */
static uint32_t murmur2(struct text key)
{
    const uint32_t m = 0x5bd1e995;
    uint32_t h = 0x9747b28c ^ (uint32_t)key.length;
    size_t at = 0;
    for (; at + 4 <= key.length; at += 4) {
        uint32_t k;
        memcpy(&k, key.at + at, 4);
        k *= m;
        k ^= k >> 24;
        h = (h * m) ^ (k * m);
    }
    size_t left = key.length - at;
    for (size_t i = left; i > 0; i--)
        h ^= (uint32_t)(uint8_t)key.at[at + i - 1] << (8 * (i - 1));
    if (left != 0)
        h *= m;
    h ^= h >> 13;
    h *= m;
    return h ^ (h >> 15);
}

int32_t home_partition(struct text key, int32_t partition_count)
{
    return (int32_t)(murmur2(key) & 0x7fffffff) % partition_count;
}
