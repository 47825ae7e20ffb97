// SPDX-License-Identifier: MIT
/// merge.c: of two operations that ask for bytes, one asks for the bytes of both and more.
///
/// What takes an amount of memory to show, a footprint above all, takes a single large block as
/// well as many small ones, and what they lost to headers and rounding. It is the one way that
/// makes a number larger, and it takes an operation for it; values.c lowers the number again.
#include "harness/reduce/passes.h"

#include <string.h>

#define MERGED_MAX   (PTRDIFF_MAX / 4) // larger ones are refused anyway
#define ROUNDED_AWAY 8192              // pages and headers of two blocks

static bool asks_bytes(const struct hd_op *op)
{
    return (hd_op_infos[op->kind].operands & HD_SIZE) != 0 && op->kind != HD_OP_LIMIT;
}

/// The power of two after `bytes`.
static uint64_t power_after(uint64_t bytes)
{
    return bytes == 0 ? 1 : UINT64_C(2) << (63 - __builtin_clzll(bytes));
}

/// Without the operation at `gone`, that at `stays` asking for `bytes`.
static bool try_one(struct hd_reduction *reduction, size_t gone, size_t stays, uint64_t bytes)
{
    hd_reduction_copy(reduction);
    struct hd_op *trial = reduction->trial;
    trial[stays].size = bytes;
    memmove(trial + gone, trial + gone + 1, (reduction->count - gone - 1) * sizeof trial[0]);
    return hd_reduction_try(reduction, reduction->count - 1);
}

/// In place of those at `before` and `after` one of them.
static bool try_merged(struct hd_reduction *reduction, size_t before, size_t after)
{
    const uint64_t before_bytes = reduction->ops[before].size;
    const uint64_t after_bytes = reduction->ops[after].size;
    if (before_bytes > MERGED_MAX || after_bytes > MERGED_MAX) return false;
    const uint64_t bytes = before_bytes + after_bytes;
    const uint64_t sums[] = {bytes + ROUNDED_AWAY, power_after(bytes)};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (try_one(reduction, before, after, sums[i]) ||
            try_one(reduction, after, before, sums[i]))
            return true;
    return false;
}

bool hd_reduce_merge(struct hd_reduction *reduction)
{
    bool helped = false;
    for (size_t at = reduction->count; at-- > 0 && !reduction->stopped;) {
        if (!asks_bytes(&reduction->ops[at])) continue;
        size_t before = at;
        while (before > 0 && !asks_bytes(&reduction->ops[before - 1]))
            before--;
        if (before == 0) break;
        helped |= try_merged(reduction, before - 1, at);
    }
    return helped;
}
