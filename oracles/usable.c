// SPDX-License-Identifier: MIT
/// usable.c: malloc_usable_size tells no less than was asked, and what it tells is the block's.
#include "oracles/content_evidence.h"
#include "oracles/oracle.h"

#include <inttypes.h>

/// The bytes between the size asked for and the usable size: what is written there stays there.
/// Where bytes before them are changed too, all of it is one damage, and content tells it.
static enum hd_verdict judge_before(const struct hd_model *model, const struct hd_step *step,
                                    struct hd_finding *finding)
{
    const struct hd_block *block = &step->before;
    if (block->address == 0 || block->usable == block->size) return HD_NOT_JUDGED;
    if (step->first_wrong < block->size) return HD_NOT_JUDGED;
    if (step->first_wrong == block->usable) return HD_HOLDS;
    return hd_content_broken(model, step->op->slot, block, block->address, block->usable,
                             step->first_wrong, "changed", finding);
}

static enum hd_verdict judge_answer(const struct hd_step *step, uintptr_t address, size_t size,
                                    const struct hd_block *above, uint32_t above_slot,
                                    struct hd_finding *finding)
{
    if (step->usable < size)
        return hd_finding_set(finding, "less-than-asked",
                              "%zu bytes were asked, malloc_usable_size of %#" PRIxPTR " says %zu",
                              size, address, step->usable);
    if (step->usable > HD_ADDRESS_END - address)
        return hd_finding_set(finding, "outside-address-space",
                              "malloc_usable_size of %#" PRIxPTR " says %zu", address,
                              step->usable);
    if (above != NULL && above->address - address < step->usable)
        return hd_finding_set(finding, "reaches-neighbour",
                              "malloc_usable_size of %#" PRIxPTR " says %zu, but live slot %" PRIu32
                              " begins %zu bytes after it",
                              address, step->usable, above_slot,
                              (size_t)(above->address - address));
    return HD_HOLDS;
}

/// Usable bytes past the end of what is mapped: where they begin.
static enum hd_verdict judge_place(const struct hd_step *step, struct hd_finding *finding)
{
    if (!step->tapped || step->unwritable - step->result >= step->usable) return HD_HOLDS;
    return hd_finding_set(finding, "not-mapped",
                          "malloc_usable_size of %#" PRIxPTR " says %zu, but from %#" PRIxPTR
                          " on there is no writable memory of the allocator's",
                          step->result, step->usable, step->unwritable);
}

static enum hd_verdict judge(const struct hd_model *model, const struct hd_step *step,
                             struct hd_finding *finding)
{
    if (!step->usable_answered || step->untouchable) return HD_NOT_JUDGED;

    if (step->op->kind == HD_OP_USABLE_SIZE) {
        const struct hd_block *block = &step->before;
        const uint32_t slot = hd_model_neighbours(model, block->address).above;
        const struct hd_block *above = slot == HD_NO_SLOT ? NULL : hd_model_block(model, slot);
        return judge_answer(step, block->address, block->size, above, slot, finding);
    }
    // The new block may lie in what was said to be usable of the one below it.
    if (step->below != NULL && step->result - step->below->address < step->below->usable)
        return hd_finding_set(finding, "given-away",
                              "slot %" PRIu32 " has %zu usable bytes at %#" PRIxPTR
                              "; a new block lies in them at %#" PRIxPTR,
                              step->below_slot, step->below->usable, step->below->address,
                              step->result);
    const enum hd_verdict verdict =
        judge_answer(step, step->result, step->size, step->above, step->above_slot, finding);
    return verdict == HD_BROKEN ? verdict : judge_place(step, finding);
}

const struct hd_oracle hd_oracle_usable = {
    .name = "usable",
    .property = "malloc_usable_size is at least the request, and all those bytes are the block's.",
    .rests_on = "malloc_usable_size(3)",
    .ops_before = HD_OPS(FREE) | HD_OPS_RESIZE | HD_OPS(WRITE),
    .ops_after = HD_OPS_RESULT | HD_OPS(USABLE_SIZE),
    .judge_before = judge_before,
    .judge = judge,
    .doubts_usable = true,
};
