// SPDX-License-Identifier: MIT
/// step.h: one operation carried out on one allocator: what was asked, and what was answered.
#ifndef HD_STEP_H
#define HD_STEP_H

#include "allocators/allocator.h"
#include "harness/model/model.h"
#include "harness/tap/space.h"

/// What `consistent` of the allocator said at this step.
enum hd_walk { HD_NOT_WALKED, HD_WALK_HOLDS, HD_WALK_BROKEN };

/// What a step at the end of a run is made to show, when all is freed.
enum hd_proof {
    HD_PROOF_NONE,
    HD_PROOF_EMPTY,    // nothing lives, and the allocator was told to trim
    HD_PROOF_CAPACITY, // the largest block that its `capacity` claims is asked for
    HD_PROOF_RECOVERY, // calls were refused, and none is any more: a small block is asked for
};

struct hd_step {
    const struct hd_op *op;
    const struct hd_policy *policy;
    const struct hd_choice_policy *choices; // by its policy, or as it answered earlier in this run
    uint64_t number; // 1 for a trace's first operation; goes on over the frees at its end

    // What was asked.
    size_t size;            // bytes in all, count x size; SIZE_MAX when that overflows
    bool overflow;          // count x size does not fit size_t
    struct hd_block before; // the slot's block before the call; address 0: none
    size_t first_wrong;     // the first of its usable bytes that is not as written, looked at
                            // before the call where an oracle asks; before.usable when all are

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

    // What it asked of the kernel, in order, and what came of that. All of it is empty, and says
    // nothing, where it was not tapped.
    bool tapped; // by a tap that lost nothing so far
    bool threads_seen; // the tap would have seen it start one, which asks the kernel for it too
    const struct hd_syscall *calls;
    const struct hd_effect *effects; // one for each of the calls
    uint32_t call_count;
    const struct hd_space *space; // after the step
    size_t demand;                // so far, see struct hd_kernel_policy
    size_t blocks;                // that lived at once, the most so far
    uint64_t purges;              // of the calls, those that may give back what earlier operations
                                  // freed: see calls_max of struct hd_kernel_policy
    uint32_t threads;             // that called the allocator so far, at least 1
    bool disturbed;               // so far: a call was refused, or memory not its own put beside
    bool wanting;                 // the same, and no block was had since all was freed: it may have
                                  // no memory
    bool forgotten;               // a block that the model no longer has may live still, as after
                                  // realloc(p, 0) gave NULL
    enum hd_owner home;           // whose memory the result lies in
    uintptr_t unwritable;         // the first of the result's usable bytes (`size` at least) not
                                  // known to be writable memory; their end when all are
    uintptr_t foreign_changed;    // a byte of memory that the harness mapped beside the
                                  // allocator's, and that was written to; 0: none

    enum hd_proof proof;
    bool untouchable; // an oracle found the result to be no block of its own: keep off its bytes
};

#endif
