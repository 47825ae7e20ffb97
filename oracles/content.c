// SPDX-License-Identifier: MIT
/// content.c: a byte written, of those asked for, is the byte read until the block is freed.
#include "oracles/content_evidence.h"
#include "oracles/oracle.h"

static enum hd_verdict judge_before(const struct hd_model *model, const struct hd_step *step,
                                    struct hd_finding *finding)
{
    const struct hd_block *block = &step->before;
    if (block->address == 0 || block->size == 0) return HD_NOT_JUDGED;

    if (step->first_wrong >= block->size) return HD_HOLDS; // bytes past it are the usable oracle's
    return hd_content_broken(model, step->op->slot, block, block->address, block->usable,
                             step->first_wrong, "changed", finding);
}

const struct hd_oracle hd_oracle_content = {
    .name = "content",
    .property = "A byte written is the byte read until the block is freed or resized.",
    .rests_on = "C17 6.2.4p2: an object retains its last-stored value throughout its lifetime",
    .ops_before = HD_OPS(FREE) | HD_OPS_RESIZE | HD_OPS(WRITE),
    .judge_before = judge_before,
};
