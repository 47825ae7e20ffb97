// SPDX-License-Identifier: MIT
/// random.h: numbers that a seed decides, for what is measured again and again.
#ifndef HD_BENCH_RANDOM_H
#define HD_BENCH_RANDOM_H

#include <stdint.h>

/// Its first state is the seed.
struct hd_random {
    uint64_t state;
};

/// splitmix64: one step, 64 bits.
static inline uint64_t hd_random_next(struct hd_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/// Both ends may come.
static inline uint64_t hd_random_between(struct hd_random *random, uint64_t low, uint64_t high)
{
    return low + hd_random_next(random) % (high - low + 1);
}

#endif
