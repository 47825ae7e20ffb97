// SPDX-License-Identifier: MIT
/// choices.c: where the standard leaves a choice, the allocator makes the same one each time.
#include "oracles/choices.h"

#include <inttypes.h>

#define ALIGNMENT_MAX 4096 // what is aligned to more may be refused for that

enum hd_zero_request hd_choice_of(const struct hd_step *step)
{
    const struct hd_op *op = step->op;
    if (step->size != 0) return HD_ZERO_REQUESTS;
    switch (op->kind) {
    case HD_OP_MALLOC: return HD_ZERO_MALLOC;
    case HD_OP_CALLOC: return HD_ZERO_CALLOC;
    case HD_OP_REALLOC: return step->before.address != 0 ? HD_ZERO_REALLOC : HD_ZERO_REALLOC_NULL;
    case HD_OP_ALIGNED_ALLOC:
    case HD_OP_POSIX_MEMALIGN:
        if (hd_alignment_is_bad(op) || op->extra > ALIGNMENT_MAX) break;
        return op->kind == HD_OP_ALIGNED_ALLOC ? HD_ZERO_ALIGNED_ALLOC : HD_ZERO_POSIX_MEMALIGN;
    default: break;
    }
    return HD_ZERO_REQUESTS;
}

/// True when NULL may be for want of memory, though errno does not say so: the kernel refused.
static bool may_want_memory(const struct hd_step *step)
{
    if (!step->tapped || step->wanting) return true;
    for (uint32_t i = 0; i < step->call_count; i++)
        if (hd_syscall_is_error(step->calls[i].result)) return true;
    return false;
}

enum hd_zero_answer hd_choice_made(const struct hd_step *step)
{
    if (step->untouchable) return HD_ZERO_OPEN;
    if (step->result != 0) return HD_ZERO_BLOCK;
    const bool failed = step->status != 0 || step->errno_after != step->errno_before;
    return failed || may_want_memory(step) ? HD_ZERO_OPEN : HD_ZERO_NULL;
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    (void)model;
    const enum hd_zero_request request = hd_choice_of(step);
    if (request == HD_ZERO_REQUESTS) return HD_NOT_JUDGED;

    const uint8_t chosen = step->choices->zero[request];
    const enum hd_zero_answer made = hd_choice_made(step);
    if (chosen == HD_ZERO_OPEN || made == HD_ZERO_OPEN) return HD_NOT_JUDGED;
    if (made == chosen) return HD_HOLDS;
    if (made == HD_ZERO_NULL)
        return hd_finding_set(finding, "null-where-block",
                              "NULL for no bytes, errno as it was; else it gives a block");
    return hd_finding_set(finding, "block-where-null",
                          "a block at %#" PRIxPTR " for no bytes; else it gives NULL",
                          step->result);
}

const struct hd_oracle hd_oracle_choices = {
    .name = "choices",
    .property = "Whether a request of no bytes is given a block or NULL is the same each time.",
    .rests_on = "C17 7.22.3p1, 7.22.3.5p3, J.3.12: implementation-defined",
    .ops_after = HD_OPS_PLAIN | HD_OPS(REALLOC) | HD_OPS(ALIGNED_ALLOC) | HD_OPS(POSIX_MEMALIGN),
    .judge = judge,
    .harmless = true,
};
