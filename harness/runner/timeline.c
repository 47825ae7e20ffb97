// SPDX-License-Identifier: MIT
/// timeline.c: the model and the space after a step, and sums of that.
#include "harness/runner/timeline.h"

#include "harness/base/address.h"

bool hd_timeline_looks(uint64_t step, size_t op_count)
{
    const size_t stride = op_count / HD_TIMELINE_LOOKS + 1;
    return (op_count - step) % stride == 0;
}

void hd_moment_take(struct hd_moment *moment, const struct hd_engine *engine,
                    const struct hd_step *step, bool looks)
{
    const struct hd_space *space = &engine->kernel_side.space;
    const bool has_slot = (hd_op_infos[step->op->kind].operands & (HD_SLOT | HD_RESULT)) != 0;
    const struct hd_block *block = has_slot ? hd_model_block(&engine->model, step->op->slot) : NULL;
    *moment = (struct hd_moment){.live = engine->model.live_bytes, .taken = true};
    if (block != NULL) {
        const size_t room = HD_ADDRESS_END - block->address;
        moment->address = block->address;
        moment->usable = block->usable < room ? block->usable : room; // it may be a lie
    }
    if (!step->tapped) return;
    moment->mapped = space->mapped;
    moment->looked = looks;
    if (looks) moment->resident = hd_space_resident(space);
}

void hd_timeline_add(struct hd_timeline_use *use, const struct hd_moment *moment)
{
    use->mapped += (double)moment->mapped;
    use->live += (double)moment->live;
    if (moment->resident > use->resident_peak) use->resident_peak = moment->resident;
}

struct hd_timeline_use hd_timeline_use(const struct hd_moment *moments, size_t count)
{
    struct hd_timeline_use use = {0};
    for (size_t i = 0; i < count; i++)
        hd_timeline_add(&use, &moments[i]);
    return use;
}
