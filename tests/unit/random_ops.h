// SPDX-License-Identifier: MIT
/// random_ops.h: well-formed operations from a fixed seed, the extreme ones often.
#ifndef HD_TESTS_RANDOM_OPS_H
#define HD_TESTS_RANDOM_OPS_H

#include "harness/trace/op.h"

#include <stdbool.h>

#include <string.h>

/// splitmix64 (Steele, Lea and Flood, 2014): the same numbers on every machine.
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/// 0 to `count` - 1.
static inline uint64_t random_below(uint64_t *state, uint64_t count)
{
    return random_next(state) % count;
}

/// A number of any bit length, or near a limit.
static inline uint64_t random_number(uint64_t *state)
{
    switch (random_below(state, 4)) {
    case 0: return UINT64_MAX - random_below(state, 5000);
    case 1: return (uint64_t)INT64_MAX - 5000 + random_below(state, 10000);
    case 2: return UINT64_MAX;
    default: return random_next(state) >> random_below(state, 64);
    }
}

static inline struct hd_op random_op(uint64_t *state)
{
    struct hd_op op;
    memset(&op, 0, sizeof op); // compared as bytes
    op.kind = (uint8_t)random_below(state, HD_OP_KINDS);
    if (random_below(state, 2)) op.thread = (uint8_t)random_below(state, HD_THREAD_MAX + 1);

    const unsigned operands = hd_op_infos[op.kind].operands;
    if (operands & (HD_SLOT | HD_RESULT)) {
        op.slot = HD_SLOT_MAX >> random_below(state, 29);
        if (random_below(state, 4)) op.slot = (uint32_t)random_below(state, (uint64_t)op.slot + 1);
    }
    if (operands & (HD_SIZE | HD_DELTA)) op.size = random_number(state);
    if (operands & HD_TIMES) op.size = 1 + random_below(state, HD_TIMES_MAX);
    if (operands & (HD_COUNT | HD_ALIGNMENT)) op.extra = random_number(state);
    if (operands & HD_SYSCALL) op.extra = random_below(state, HD_REFUSABLES);
    return op;
}

#endif
