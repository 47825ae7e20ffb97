// SPDX-License-Identifier: MIT
/// believe.c: what a judged step means for the model.
#include "harness/engine/believe.h"

/// A usable size that reaches over the new block was a lie: it is not believed any more.
static void settle_below(struct hd_model *model, const struct hd_step *step)
{
    if (step->below == NULL) return;
    const size_t room = step->result - step->below->address;
    if (step->below->usable > room) hd_model_shrink_usable(model, step->below_slot, room);
}

/// How many bytes of a new block hold the old one's pattern: what realloc must keep. Where an
/// oracle broke, none: the next one to look would find the same bytes wrong again.
static size_t bytes_kept(const struct hd_step *step, bool broken)
{
    if (broken || !hd_step_resizes(step) || step->before.address == 0) return 0;
    return step->size < step->before.size ? step->size : step->before.size;
}

void hd_believe(struct hd_model *model, const struct hd_step *step, bool broken)
{
    const uint32_t slot = step->op->slot;
    const bool old_lives = hd_model_block(model, slot) != NULL;
    if (old_lives && (broken || step->op->kind == HD_OP_WRITE)) {
        hd_model_refill(model, slot);
        return;
    }
    if (step->result == 0 || step->untouchable) return;

    settle_below(model, step);
    const size_t kept = bytes_kept(step, broken);
    hd_model_adopt(model, slot, step->result, step->size, step->usable, kept,
                   kept > 0 ? step->before.key : hd_model_next_key(model));
}

bool hd_step_ended_block(const struct hd_step *step)
{
    if (step->before.address == 0) return false;
    return step->op->kind == HD_OP_FREE ||
           (hd_step_resizes(step) && (step->result != 0 || step->size == 0));
}

bool hd_step_may_live_still(const struct hd_step *step)
{
    if (step->untouchable) return true;
    if (step->policy->kernel.realloc_0_frees) return false;
    return step->result == 0 && hd_step_resizes(step) && hd_step_ended_block(step);
}
