// SPDX-License-Identifier: MIT
/// mapped.c: a live block lies in writable memory that the allocator has, and has not given back.
#include "harness/model/loss.h"
#include "oracles/oracle.h"

#include <inttypes.h>

static const char *what_was_done(const struct hd_syscall *call)
{
    switch (hd_syscall_of(call->number)) {
    case HD_SYSCALL_mprotect: return "made unreadable or read-only by mprotect";
    case HD_SYSCALL_pkey_mprotect: return "made unreadable or read-only by pkey_mprotect";
    case HD_SYSCALL_mremap: return "moved away, cut off or mapped over by mremap";
    case HD_SYSCALL_madvise: return "discarded, or made a guard, by madvise";
    case HD_SYSCALL_brk: return "given back by brk";
    case HD_SYSCALL_mmap: return "mapped anew by mmap";
    default: return "given back by munmap";
    }
}

/// Looks at each live block in [start, end), which one call worked on.
static enum hd_verdict judge_range(const struct hd_model *model, const struct hd_step *step,
                                   uint32_t i, uintptr_t start, uintptr_t end,
                                   struct hd_finding *finding)
{
    const struct hd_effect *effect = &step->effects[i];
    uint32_t slot = hd_loss_first(model, start, end);
    for (; slot != HD_NO_SLOT; slot = hd_loss_next(model, slot, end)) {
        const struct hd_block *block = &model->blocks[slot];
        if (hd_loss_of(step->space, effect, block) == HD_LOSS_NONE) continue;
        return hd_finding_set(finding, "live-block-lost",
                              "%#" PRIxPTR " to %#" PRIxPTR " was %s while slot %" PRIu32
                              " lived there: %zu bytes at %#" PRIxPTR,
                              start, end, what_was_done(&step->calls[i]), slot,
                              block->usable, block->address);
    }
    return HD_HOLDS;
}

/// What one call takes a later one may put back: what counts is how the blocks are at the end.
static enum hd_verdict judge_calls(const struct hd_model *model, const struct hd_step *step,
                                   struct hd_finding *finding)
{
    enum hd_verdict verdict = HD_HOLDS;
    for (uint32_t i = 0; i < step->call_count && verdict == HD_HOLDS; i++) {
        const struct hd_effect *effect = &step->effects[i];
        verdict = judge_range(model, step, i, effect->lost_start, effect->lost_end, finding);
        if (verdict == HD_HOLDS)
            verdict = judge_range(model, step, i, effect->over_start, effect->over_end, finding);
    }
    return verdict;
}

/// A block of no bytes is never accessed (C17 7.22.3p1): its address may be the end of a mapping.
static enum hd_verdict judge_result(const struct hd_step *step, struct hd_finding *finding)
{
    if (step->size == 0) return HD_NOT_JUDGED;
    if (step->unwritable - step->result < step->size)
        return hd_finding_set(finding, "not-mapped",
                              "of %zu bytes at %#" PRIxPTR " those from %#" PRIxPTR
                              " on lie in no writable memory of the allocator's",
                              step->size, step->result, step->unwritable);
    return hd_owner_is_allocators(step->home) ? HD_HOLDS : HD_NOT_JUDGED;
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    if (!step->tapped) return HD_NOT_JUDGED;
    const enum hd_verdict calls = judge_calls(model, step, finding);
    if (calls == HD_BROKEN) return calls;
    if (step->result == 0 || step->untouchable)
        return step->call_count > 0 ? HD_HOLDS : HD_NOT_JUDGED;
    return judge_result(step, finding);
}

const struct hd_oracle hd_oracle_mapped = {
    .name = "mapped",
    .property = "A live block lies in writable memory that the allocator got from the kernel and "
                "has not given back.",
    .rests_on = "C17 6.2.4p2, 7.22.3p1: an object keeps its address and value; the tap",
    .ops_after = HD_OPS_ALL,
    .judge = judge,
    .guards = true,
};
