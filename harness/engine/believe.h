// SPDX-License-Identifier: MIT
/// believe.h: what a judged step means for the model: which block ended, which is new, how much of
/// what was said of it is believed.
#ifndef HD_BELIEVE_H
#define HD_BELIEVE_H

#include "harness/engine/step.h"
#include "oracles/oracle.h"

static inline bool hd_step_resizes(const struct hd_step *step)
{
    return (HD_OPS_RESIZE >> step->op->kind & 1) != 0;
}

/// A call that ended the slot's block: free, and realloc unless it failed. realloc to no bytes may
/// answer NULL with or without freeing; a block that may be gone is not touched again.
bool hd_step_ended_block(const struct hd_step *step);

/// True for a block that is not touched again though nobody freed it: a result that an oracle found
/// to be none, or an old one, unless the policy says that it was freed.
bool hd_step_may_live_still(const struct hd_step *step);

/// Enters a new block and fills it, and fills one anew that was written or found wrong. `broken`:
/// an oracle broke at this step.
void hd_believe(struct hd_model *model, const struct hd_step *step, bool broken);

#endif
