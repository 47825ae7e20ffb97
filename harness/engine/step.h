// SPDX-License-Identifier: MIT
/// step.h: one operation carried out on one allocator: what was asked, and what was answered.
#ifndef HD_STEP_H
#define HD_STEP_H

#include "allocators/allocator.h"
#include "harness/model/model.h"

/// What `consistent` of the allocator said at this step.
enum hd_walk { HD_NOT_WALKED, HD_WALK_HOLDS, HD_WALK_BROKEN };

struct hd_step {
    const struct hd_op *op;
    const struct hd_policy *policy;
    uint64_t number; // 1 for a trace's first operation; goes on over the frees at its end

    // What was asked.
    size_t size;            // bytes in all, count x size; SIZE_MAX when that overflows
    bool overflow;          // count x size does not fit size_t
    struct hd_block before; // the slot's block before the call; address 0: none
    size_t first_wrong;     // the first of its usable bytes that is not as written, looked at before
                            // the call where an oracle asks; before.usable when all are

    // What was answered. Before the call there is no result, and the rest says nothing.
    uintptr_t result;         // the block, 0 for NULL; 0 also for calls that return none
    int status;               // posix_memalign's result
    uintptr_t pointer_before; // posix_memalign: what its pointer held before the call
    uintptr_t pointer_after;  // and after it
    int errno_before;
    int errno_after;
    size_t usable; // malloc_usable_size of the result, or the operation's answer; `size` when the
                   // allocator has no such function
    bool usable_answered;
    enum hd_walk walk;

    // Around the result, before it became part of the model (and after `before` left it).
    const struct hd_block *below; // the nearest that starts at or before it, NULL: none
    const struct hd_block *above; // the nearest that starts after it, NULL: none
    uint32_t below_slot;
    uint32_t above_slot;

    bool untouchable; // an oracle found the result to be no block of its own: keep off its bytes
};

#endif
