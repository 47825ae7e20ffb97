// SPDX-License-Identifier: MIT
/// limits.c: a request that cannot be served is refused, never served in part.
#include "oracles/oracle.h"

#include <inttypes.h>

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    const bool bad_alignment = hd_alignment_is_bad(step->op) &&
                               !(step->op->kind == HD_OP_ALIGNED_ALLOC &&
                                 step->policy->bad_alignment_served);
    const bool too_large = step->size > PTRDIFF_MAX; // a product that overflows is, too
    if (step->result == 0) return too_large || bad_alignment ? HD_HOLDS : HD_NOT_JUDGED;

    if (step->overflow)
        return hd_finding_set(finding, "product-overflows",
                              "%" PRIu64 " x %" PRIu64 " bytes do not fit size_t, yet the answer is"
                              " a block at %#" PRIxPTR,
                              step->op->extra, step->op->size, step->result);
    if (step->size > PTRDIFF_MAX)
        return hd_finding_set(finding, "past-ptrdiff-max",
                              "%zu bytes are more than PTRDIFF_MAX, yet the answer is a block at"
                              " %#" PRIxPTR,
                              step->size, step->result);
    if (bad_alignment)
        return hd_finding_set(finding, "bad-alignment",
                              "%" PRIu64 " is no valid alignment here, yet the answer is a block at"
                              " %#" PRIxPTR,
                              step->op->extra, step->result);
    if (step->result >= HD_ADDRESS_END || step->size > HD_ADDRESS_END - step->result)
        return hd_finding_set(finding, "outside-address-space",
                              "a block of %zu bytes at %#" PRIxPTR " ends past the address space",
                              step->size, step->result);
    return HD_HOLDS;
}

const struct hd_oracle hd_oracle_limits = {
    .name = "limits",
    .property = "A size that wraps or is past PTRDIFF_MAX, or a bad alignment, gets no block.",
    .rests_on = "C17 7.22.3, 7.22.3.1, 7.22.3.2; POSIX.1-2024 posix_memalign, reallocarray",
    .ops_after = HD_OPS_RESULT,
    .judge = judge,
    .guards = true,
};
