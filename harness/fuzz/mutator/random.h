// SPDX-License-Identifier: MIT
/// random.h: numbers that follow from a seed, the same on every machine.
#ifndef HD_RANDOM_H
#define HD_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/// splitmix64 (Steele, Lea and Flood, 2014).
static inline uint64_t hd_random_next(uint64_t *random)
{
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/// 0 to `count` - 1, evenly but for one part in 2^32. pre: 0 < count < 2^32.
static inline uint64_t hd_random_below(uint64_t *random, uint64_t count)
{
    return ((hd_random_next(random) >> 32) * count) >> 32;
}

/// True once in `count` times.
static inline bool hd_random_once_in(uint64_t *random, uint64_t count)
{
    return hd_random_below(random, count) == 0;
}

/// 1 to `max`, as often below its square root as above. pre: 0 < max < 2^32.
static inline uint64_t hd_random_few(uint64_t *random, uint64_t max)
{
    const unsigned bits = 64U - (unsigned)__builtin_clzll(max);
    const uint64_t cut = UINT64_C(1) << (1 + hd_random_below(random, bits));
    return 1 + hd_random_below(random, cut - 1 < max ? cut - 1 : max);
}

#endif
