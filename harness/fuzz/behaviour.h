// SPDX-License-Identifier: MIT
/// behaviour.h: tells the engine what an allocator did, where there is no coverage to tell it.
///
/// Most allocators are libraries built without coverage. So that inputs that make them do something
/// new are kept, what they were asked and answered is counted in counters.h, and what they asked of
/// the kernel and were answered.
#ifndef HD_BEHAVIOUR_H
#define HD_BEHAVIOUR_H

#include "harness/engine/engine.h"
#include "harness/trace/trace.h"

/// Room for the outcomes of a trace of `count` operations, all zero, valid until the next call;
/// NULL when there are more than it has room for.
struct hd_outcome *hd_behaviour_outcomes(size_t count);

/// Counts each operation by kind, size class and outcome. `outcomes` may be NULL.
void hd_behaviour_show(const struct hd_trace *trace, const struct hd_outcome *outcomes);

/// For the engine's observer: counts each system call that can be refused, by the operation in
/// which it was made and whether it was refused. So an input that has the first refusal of its kind
/// in an operation of its kind is kept, and what comes after it can be found.
void hd_behaviour_step(void *context, const struct hd_step *step);
void hd_behaviour_trace_end(void *context, const struct hd_engine *engine);

#endif
