// SPDX-License-Identifier: MIT
/// counters.h: numbers that an engine takes for coverage. One file an engine.
#ifndef HD_COUNTERS_H
#define HD_COUNTERS_H

#include "allocators/syscalls.h"
#include "harness/trace/op.h"

#include <stddef.h>
#include <stdint.h>

// What the families of behaviours.def tell apart.
#define HD_CALL_KINDS      HD_OP_REFUSE // those from there on call nothing
#define HD_SIZE_LENGTHS    65           // bits
#define HD_SIZE_CLASSES    8            // behaviour.c
#define HD_RELATIONS       3            // smaller, as large (in bits), larger
#define HD_REUSE_DISTANCES 6            // 1, 2, 3 to 4, ... 17 to 32 frees
#define HD_GAPS            7            // touching, a header, ... far
#define HD_ALIGNMENTS      13           // zero bits, 12 at most
#define HD_MOVES           3            // stays, up, down
#define HD_RESIZE_LENGTHS  32           // bits, of what is larger the same
#define HD_CALL_COUNTS     6            // 1, 2, 3 to 4, ... 17 and more
#define HD_RATIOS          16           // bits

/// All counters, family by family: a counter's number is its offset.
struct hd_counters {
#define HD_BEHAVIOUR(id, counters, what) uint8_t id[counters];
#include "harness/fuzz/behaviours.def"
#undef HD_BEHAVIOUR
};
#define HD_COUNTERS sizeof(struct hd_counters)

/// Of the input under way; all zero when it begins. One that is full stays so.
extern struct hd_counters hd_counters;

/// The input is over: the engine is shown what was counted, and all is zero again before the next.
void hd_counters_show(void);

#endif
