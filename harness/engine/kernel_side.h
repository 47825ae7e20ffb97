// SPDX-License-Identifier: MIT
/// kernel_side.h: what the allocator asked of the kernel: from the tap's log to the step, the map
/// of its memory, and the footprint.
#ifndef HD_KERNEL_SIDE_H
#define HD_KERNEL_SIDE_H

#include "allocators/allocator.h"
#include "harness/engine/account.h"
#include "harness/engine/foreign.h"
#include "harness/engine/run.h"
#include "harness/engine/step.h"
#include "harness/tap/space.h"

#define HD_HOMES 256

struct hd_kernel_side {
    struct hd_space space;       // the allocator's memory
    struct hd_account account;   // of it, for limits
    struct hd_foreign foreign;   // memory of the harness beside it
    struct hd_effect *effects;   // of the last step's calls
    struct hd_arena arena;       // holds the effects
    size_t aligned_bytes;        // the alignments of all aligned blocks given so far, added up
    size_t forgotten_bytes;      // of blocks that may live still, and that the model no longer has
    size_t blocks;               // that lived at once, the most so far
    size_t demand;               // so far, see struct hd_kernel_policy; the heap outlives a run
    uint64_t purges_left;        // calls that would give back what blocks had, not made yet
    unsigned threads_before;     // hd_tap_thread_count when the run began
    uint32_t homes[HD_HOMES];    // by a hash of an address: the region that was found there last
    uint32_t nothing_given_left; // operations for which the kernel still gives nothing
    bool tapped;                 // and the tap lost nothing so far
    bool forgotten;              // there were such blocks
    bool disturbed;              // the kernel refused, or somebody else's memory was in the way
    bool disturbed_now;          // the same, in the run under way
    bool wanting;                // memory may be: a call was refused, or somebody else's memory was
                                 // in the way, and no block was had since all was freed
};

/// Takes what the tap saw while the subject was loaded into the map, and what else is mapped as
/// having been there before. Where no tap is open, or it does not see this subject, nothing is ever
/// seen.
void hd_kernel_side_open(struct hd_kernel_side *side, const struct hd_subject *subject);
void hd_kernel_side_close(struct hd_kernel_side *side);

/// The process may have moved the break, unseen.
void hd_kernel_side_meet_break(struct hd_kernel_side *side);

/// Before the first operation of a run, and after its last: then nothing is refused, and what the
/// harness mapped beside the allocator's memory is gone.
void hd_kernel_side_begin(struct hd_kernel_side *side);
void hd_kernel_side_end(struct hd_kernel_side *side);

/// All that earlier runs left in here is forgotten, but for the map of the allocator's memory:
/// where that was put back, the next run is the first. A run may have been abandoned.
void hd_kernel_side_start_anew(struct hd_kernel_side *side);

/// Takes the calls of an operation that did not come to its end into the map.
void hd_kernel_side_take_abandoned(struct hd_kernel_side *side);

/// Carries out an event of the trace. `block` is the slot's, address 0 where it has none. False,
/// and nothing has happened: it does not apply (foreign.h says when).
bool hd_kernel_side_event(struct hd_kernel_side *side, const struct hd_op *op,
                          const struct hd_block *block);

/// After a call: the system calls since hd_tap_clear go into the step, the map and the footprint.
/// `live_bytes` is what lived before the call, `model` what lives without the step's result.
void hd_kernel_side_take(struct hd_kernel_side *side, const struct hd_model *model,
                         size_t live_bytes, struct hd_step *step,
                         struct hd_footprint *footprint);

/// Looks up whose memory the step's result lies in. pre: the usable size is known.
void hd_kernel_side_place(struct hd_kernel_side *side, struct hd_step *step);

/// With nothing refused any more and everything freed, a block was had: what failed before is no
/// reason any more to get none.
void hd_kernel_side_serves_again(struct hd_kernel_side *side);

/// A block of so many bytes may live still, but will never be freed.
void hd_kernel_side_forget(struct hd_kernel_side *side, size_t bytes);

/// Live blocks whose memory one of the step's calls took: those whose pages are gone leave the
/// model, as they cannot be touched; those whose contents alone are gone are filled anew.
void hd_kernel_side_settle(struct hd_kernel_side *side, const struct hd_step *step,
                           struct hd_model *model);

#endif
