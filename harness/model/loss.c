// SPDX-License-Identifier: MIT
/// loss.c: blocks in a range, and looking at one.
#include "harness/model/loss.h"

#include "harness/model/pattern.h"

enum hd_loss hd_loss_of(const struct hd_space *space, const struct hd_effect *effect,
                        const struct hd_block *block)
{
    const uintptr_t end = block->address + block->usable;
    if (hd_space_first_unwritable(space, block->address, end) < end) return HD_LOSS_MEMORY;
    if (effect->lazily) return HD_LOSS_CONTENTS;
    const size_t right =
        hd_pattern_check(block->address, block->usable, block->usable, block->key);
    return right < block->usable ? HD_LOSS_CONTENTS : HD_LOSS_NONE;
}

/// From `slot` on: the first that has a byte, if it begins below `end`.
static uint32_t first_with_bytes(const struct hd_model *model, uint32_t slot, uintptr_t end)
{
    while (slot != HD_NO_SLOT) {
        const struct hd_block *block = &model->blocks[slot];
        if (block->address >= end) return HD_NO_SLOT;
        if (block->usable > 0) return slot;
        slot = hd_model_neighbours(model, block->address).above;
    }
    return HD_NO_SLOT;
}

uint32_t hd_loss_first(const struct hd_model *model, uintptr_t start, uintptr_t end)
{
    if (start >= end || start >= HD_ADDRESS_END) return HD_NO_SLOT;
    const struct hd_neighbours near = hd_model_neighbours(model, start);
    if (near.below != HD_NO_SLOT) {
        const struct hd_block *below = &model->blocks[near.below];
        if (below->usable > start - below->address) return near.below;
    }
    return first_with_bytes(model, near.above, end);
}

uint32_t hd_loss_next(const struct hd_model *model, uint32_t slot, uintptr_t end)
{
    const uintptr_t address = model->blocks[slot].address;
    return first_with_bytes(model, hd_model_neighbours(model, address).above, end);
}
