// SPDX-License-Identifier: MIT
/// loss.h: what became of live blocks whose memory a system call worked on.
#ifndef HD_LOSS_H
#define HD_LOSS_H

#include "harness/model/model.h"
#include "harness/tap/space.h"

enum hd_loss {
    HD_LOSS_NONE,     // it is there, and holds what was written
    HD_LOSS_CONTENTS, // it is there, and holds something else, or may at any time
    HD_LOSS_MEMORY,   // some of it cannot be read and written any more
};

/// Looked at when all calls of a step have been made: what one call took another may have put back.
/// `effect` is of the call that touched the block.
enum hd_loss hd_loss_of(const struct hd_space *space, const struct hd_effect *effect,
                        const struct hd_block *block);

/// The live blocks, by slot, that have a usable byte in [start, end), lowest first: the first, and
/// the one after `slot`. HD_NO_SLOT: there is none. A block of no bytes has none.
uint32_t hd_loss_first(const struct hd_model *model, uintptr_t start, uintptr_t end);
uint32_t hd_loss_next(const struct hd_model *model, uint32_t slot, uintptr_t end);

#endif
