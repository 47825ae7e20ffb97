// SPDX-License-Identifier: MIT
/// whole_again.c: after everything is freed, memory can be had again.
#include "oracles/oracle.h"

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    switch (step->proof) {
    case HD_PROOF_CAPACITY:
        if (step->result != 0) return HD_HOLDS;
        if (step->forgotten) return HD_NOT_JUDGED;
        return hd_finding_set(finding, "pool-in-pieces",
                              "nothing lives, and the %zu bytes that its capacity claims are"
                              " refused",
                              step->size);
    case HD_PROOF_RECOVERY:
        if (step->result != 0) return HD_HOLDS;
        return hd_finding_set(finding, "still-refuses",
                              "system calls were refused earlier, none is any more, nothing lives,"
                              " and %zu bytes are refused",
                              step->size);
    case HD_PROOF_NONE:
    case HD_PROOF_EMPTY: break;
    }
    return HD_NOT_JUDGED;
}

const struct hd_oracle hd_oracle_whole_again = {
    .name = "whole_again",
    .property = "After everything is freed a fixed pool serves its largest block again, and any "
                "allocator a small one once the kernel refuses nothing more.",
    .rests_on = "the allocator's `capacity`; C17 7.22.3.3: freed space is made available again",
    .ops_after = HD_OPS(MALLOC),
    .judge = judge,
};
