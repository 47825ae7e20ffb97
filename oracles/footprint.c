// SPDX-License-Identifier: MIT
/// footprint.c: what is mapped stays in proportion to what lives, and goes back when nothing does.
#include "oracles/oracle.h"

/// What may be mapped; SIZE_MAX where the sum does not fit. For each thread that called: what one
/// keeps for its next requests, or has in an arena of its own, another may not use (Berger and
/// others, Hoard, 2000: blowup by a factor of as many as there are).
static size_t mapped_max(const struct hd_kernel_policy *policy, const struct hd_step *step)
{
    size_t for_bytes;
    size_t for_blocks;
    size_t most;
    if (__builtin_mul_overflow(step->demand, policy->mapped_factor, &for_bytes) ||
        __builtin_mul_overflow(step->blocks, policy->mapped_per_block, &for_blocks) ||
        __builtin_add_overflow(for_bytes, for_blocks, &most) ||
        __builtin_add_overflow(most, policy->mapped_base, &most) ||
        __builtin_mul_overflow(most, step->threads, &most))
        return SIZE_MAX;
    return most;
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    const struct hd_kernel_policy *policy = &step->policy->kernel;
    // What the kernel would not take back, or could not because of a neighbour, is not its fault.
    if (!step->tapped || step->disturbed) return HD_NOT_JUDGED;

    const size_t mapped = step->space->mapped;
    const bool empty = step->proof == HD_PROOF_EMPTY && !step->forgotten;
    const bool goes_back = empty && policy->mapped_after != 0;
    if (goes_back && mapped > policy->mapped_after)
        return hd_finding_set(finding, "not-given-back",
                              "everything is freed, and %zu bytes are still mapped; the policy has"
                              " at most %zu",
                              mapped, policy->mapped_after);
    if (policy->mapped_factor == 0) return goes_back ? HD_HOLDS : HD_NOT_JUDGED;
    const size_t most = mapped_max(policy, step);
    if (mapped <= most) return HD_HOLDS;
    return hd_finding_set(finding, "too-much-mapped",
                          "%zu bytes are mapped, and no more than %zu in %zu blocks were ever needed"
                          " at once%s; the policy has at most %zu for that",
                          mapped, step->demand, step->blocks,
                          step->threads > 1 ? ", by several threads" : "", most);
}

const struct hd_oracle hd_oracle_footprint = {
    .name = "footprint",
    .property = "What is mapped is bounded by what lived at once, and goes back when all is freed.",
    .rests_on = "the allocator's policy; the tap",
    .ops_after = HD_OPS_ALL,
    .judge = judge,
};
