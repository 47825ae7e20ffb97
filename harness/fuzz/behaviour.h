// SPDX-License-Identifier: MIT
/// behaviour.h: tells the engine what an allocator did, where there is no coverage to tell it.
///
/// Most allocators are libraries built without coverage. So that inputs that make them do something
/// new are kept, what they were asked and answered is counted in counters.h.
#ifndef HD_BEHAVIOUR_H
#define HD_BEHAVIOUR_H

#include "harness/engine/run.h"
#include "harness/trace/trace.h"

/// Room for the outcomes of a trace of `count` operations, all zero, valid until the next call;
/// NULL when there are more than it has room for.
struct hd_outcome *hd_behaviour_outcomes(size_t count);

/// Counts each operation by kind, size class and outcome. `outcomes` may be NULL.
void hd_behaviour_show(const struct hd_trace *trace, const struct hd_outcome *outcomes);

#endif
