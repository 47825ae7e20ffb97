// SPDX-License-Identifier: MIT
/// mix.h: traces with the sizes and lifetimes of real programs' blocks (mixes.def).
#ifndef HD_MIX_H
#define HD_MIX_H

#include "harness/trace/trace.h"

#include <stddef.h>
#include <stdint.h>

enum hd_mix {
#define HD_MIX(program) HD_MIX_##program,
#define HD_MIX_RANGE(program, size_max, share, ...)
#include "harness/bench/mixes.def"
#undef HD_MIX
#undef HD_MIX_RANGE
    HD_MIXES
};

/// The programs, by enum hd_mix.
extern const char *const hd_mix_names[HD_MIXES];

/// The classes of lifetimes that mixes.def tells apart: each but the last ends before so many more
/// allocations.
#define HD_MIX_LIFETIMES 6
extern const uint32_t hd_mix_lifetimes[HD_MIX_LIFETIMES - 1];

/// A trace in the arena of so many mallocs and of the frees between them; what lives longest is
/// left at its end. Sizes are even over their range; lifetimes are even over the logarithm in their
/// class. The same mix, seed and number give the same trace. pre: `allocations` is below 2^28.
void hd_mix_make(enum hd_mix mix, uint64_t seed, uint32_t allocations, struct hd_arena *arena,
                 struct hd_trace *trace);

#endif
