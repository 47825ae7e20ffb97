// SPDX-License-Identifier: MIT
/// bare.h: the same calls with nothing checked: what a run costs without heapduel.
#ifndef HD_BARE_H
#define HD_BARE_H

#include "allocators/allocator.h"
#include "harness/trace/trace.h"

/// Carries out the trace with the calls that hd_engine_run makes (malloc_usable_size of each new
/// block among them), fills each block once by memset over its usable size (of a resized one, what
/// it gained), judges nothing, and at the end frees what is left in the order of the slots.
/// Of a block larger than HD_PATTERN_WHOLE only so many bytes are filled: the engine samples too.
void hd_bare_run(const struct hd_subject *subject, const struct hd_trace *trace,
                 struct hd_arena *arena);

#endif
