// SPDX-License-Identifier: MIT
/// counters.h: numbers that an engine takes for coverage. One file an engine.
#ifndef HD_COUNTERS_H
#define HD_COUNTERS_H

#include "harness/engine/run.h"
#include "harness/trace/op.h"

#include <stddef.h>

#define HD_SIZE_CLASSES  65 // a size's length in bits
#define HD_OUTCOME_KINDS (HD_OUTCOME_DONE + 1)
#define HD_COUNTERS      ((size_t)HD_OP_KINDS * HD_SIZE_CLASSES * HD_OUTCOME_KINDS)

/// Counts one more, of the input under way. `counter` is less than HD_COUNTERS.
void hd_counters_hit(size_t counter);

#endif
