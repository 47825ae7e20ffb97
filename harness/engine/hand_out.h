// SPDX-License-Identifier: MIT
/// hand_out.h: a run's operations, each on the thread that the trace names for it.
///
/// The whole of an operation, judgement and model too, is done on that thread while all others
/// wait. So a hand-over is needed only where the trace goes on on another thread than before, and
/// one on a single thread knows nothing of this.
#ifndef HD_HAND_OUT_H
#define HD_HAND_OUT_H

#include "harness/engine/engine.h"

/// The next operations of `run`. Threads are started as they come up, one that ended too; where
/// none is to be had the calling thread does the work, and `run` counts it. `outcomes` may be NULL.
void hd_hand_out(struct hd_engine *engine, const struct hd_op *ops, size_t count,
                 struct hd_run *run, struct hd_outcome *outcomes);

/// Ends the threads that were started and have not ended, in the order of their numbers in the
/// trace, each by a `thread_end`. Blocks that live outlive them.
void hd_end_threads(struct hd_engine *engine, struct hd_run *run);

#endif
