// SPDX-License-Identifier: MIT
/// mapped.c: a live block lies in writable memory that the allocator has, and has not given back.
#include "oracles/oracle.h"

#include <inttypes.h>

static const char *what_was_done(const struct hd_syscall *call, const struct hd_effect *effect)
{
    switch (hd_syscall_of(call->number)) {
    case HD_SYSCALL_mprotect: return "made unreadable or read-only by mprotect";
    case HD_SYSCALL_mremap: return "moved away or cut off by mremap";
    case HD_SYSCALL_brk: return "given back by brk";
    case HD_SYSCALL_mmap: return "mapped anew by mmap";
    default: return effect->discarded ? "discarded by madvise" : "given back by munmap";
    }
}

/// A live block, by slot, of whose memory the call took some; HD_NO_SLOT: of none. A block of no
/// bytes has none that could be taken.
static uint32_t block_hit(const struct hd_model *model, const struct hd_effect *effect)
{
    if (effect->lost_end == effect->lost_start) return HD_NO_SLOT;
    struct hd_neighbours near = hd_model_neighbours(model, effect->lost_start);
    if (near.below != HD_NO_SLOT) {
        const struct hd_block *below = &model->blocks[near.below];
        if (below->usable > effect->lost_start - below->address) return near.below;
    }
    while (near.above != HD_NO_SLOT) {
        const struct hd_block *above = &model->blocks[near.above];
        if (above->address >= effect->lost_end) break;
        if (above->usable > 0) return near.above;
        near = hd_model_neighbours(model, above->address);
    }
    return HD_NO_SLOT;
}

static enum hd_verdict judge_calls(const struct hd_model *model, const struct hd_step *step,
                                   struct hd_finding *finding)
{
    for (uint32_t i = 0; i < step->call_count; i++) {
        const struct hd_effect *effect = &step->effects[i];
        const uint32_t slot = block_hit(model, effect);
        if (slot == HD_NO_SLOT) continue;
        const struct hd_block *block = &model->blocks[slot];
        return hd_finding_set(finding, "live-block-lost",
                              "%#" PRIxPTR " to %#" PRIxPTR " was %s while slot %" PRIu32
                              " lived there: %zu bytes at %#" PRIxPTR,
                              effect->lost_start, effect->lost_end,
                              what_was_done(&step->calls[i], effect), slot, block->usable,
                              block->address);
    }
    return HD_HOLDS;
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
