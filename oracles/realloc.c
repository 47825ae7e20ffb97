// SPDX-License-Identifier: MIT
/// realloc.c: the first min(old, new) bytes survive; a failed realloc leaves the old block whole.
#include "harness/model/pattern.h"
#include "oracles/content_evidence.h"
#include "oracles/oracle.h"

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    const struct hd_block *old = &step->before;
    if (old->address == 0 || step->untouchable) return HD_NOT_JUDGED;

    if (step->result == 0) {
        if (step->size == 0) return HD_NOT_JUDGED; // whether the old block is gone is a choice
        const size_t wrong = hd_pattern_check(old->address, old->usable, old->usable, old->key);
        if (wrong == old->usable) return HD_HOLDS;
        return hd_content_broken(model, step->op->slot, old, old->address, old->usable, wrong,
                                 "old-block-changed", finding);
    }
    const size_t kept = step->size < old->size ? step->size : old->size;
    if (kept == 0) return HD_NOT_JUDGED;
    const size_t wrong = hd_pattern_check(step->result, old->usable, kept, old->key);
    if (wrong == kept) return HD_HOLDS;
    return hd_content_broken(model, step->op->slot, old, step->result, kept, wrong,
                             "prefix-lost", finding);
}

const struct hd_oracle hd_oracle_realloc = {
    .name = "realloc",
    .property = "The first min(old, new) bytes survive; a failed realloc leaves the old block "
                "whole.",
    .rests_on = "C17 7.22.3.5p2, p4",
    .ops_after = HD_OPS_RESIZE,
    .judge = judge,
};
