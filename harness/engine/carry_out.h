// SPDX-License-Identifier: MIT
/// carry_out.h: one operation of a run.
#ifndef HD_CARRY_OUT_H
#define HD_CARRY_OUT_H

#include "harness/engine/engine.h"

/// The next step of `run`: skips and counts the operation where it does not apply, or carries it
/// out and has it judged. `outcome` may be NULL.
void hd_step_through(struct hd_engine *engine, const struct hd_op *op, struct hd_run *run,
                     struct hd_outcome *outcome);

#endif
