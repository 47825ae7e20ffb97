// SPDX-License-Identifier: MIT
/// consistent.c: the allocator's own check of its metadata passes.
#include "oracles/oracle.h"

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    switch (step->walk) {
    case HD_WALK_HOLDS: return HD_HOLDS;
    case HD_WALK_BROKEN:
        return hd_finding_set(finding, "walk", "the allocator's own check of its metadata fails");
    case HD_NOT_WALKED: break;
    }
    return HD_NOT_JUDGED;
}

const struct hd_oracle hd_oracle_consistent = {
    .name = "consistent",
    .property = "The allocator's own check of its metadata passes.",
    .rests_on = "the allocator's `consistent` function",
    .ops_after = HD_OPS_ALL,
    .judge = judge,
};
