// SPDX-License-Identifier: MIT
/// inputs.h: inputs as a fuzzer makes them, to measure and to check with.
#ifndef HD_INPUTS_H
#define HD_INPUTS_H

#include "harness/trace/trace.h"

#include <stdint.h>

/// The `number`-th input, as a trace in the arena: what the trace mutator makes of nothing in some
/// rounds; 20 operations in the mean, events among them. The same number gives the same trace.
void hd_inputs_make(struct hd_arena *arena, uint64_t number, struct hd_trace *trace);

#endif
