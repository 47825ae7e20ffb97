// SPDX-License-Identifier: MIT
/// parked.h: memory that an allocator gets first in each run, kept mapped between the runs.
///
/// An allocator whose state is put back begins each run with the same calls. What it gets by them
/// would be unmapped after each run, mapped again in the next, and faulted in page by page. Instead
/// it is *parked*: zeroed where it was written, and made inaccessible. The *script* is the calls
/// that the last run began with, and their answers. While a run makes the calls of the script, in
/// their order, each is answered as before, and what it got becomes accessible; where it lowers the
/// break, what it gave back becomes inaccessible. At the first call that is another the rest is
/// unmapped, and the kernel answers from there on. So at each point the allocator can access what
/// it would have without all this, and gets the same answers.
#ifndef HD_PARKED_H
#define HD_PARKED_H

#include "harness/fresh/pages.h"
#include "harness/tap/space.h"
#include "harness/tap/tap.h"

#include <stdbool.h>
#include <stdint.h>

#define HD_PARKED_CALLS_MAX 192

/// A call that changed what the allocator has mapped, or what it holds.
struct hd_parked_call {
    uint64_t args[6];
    int64_t result;
    enum hd_syscall_id id;
    bool parked; // its memory lies ready
};

struct hd_parked {
    struct hd_tap_keeper keeper;  // the first member: that is what the tap is given
    bool keeps;                   // false: calls are only written down
    const struct hd_pages *pages; // of this process
    size_t stretch_to_go;         // which of the pages that a run did not write is given back

    struct hd_parked_call script[HD_PARKED_CALLS_MAX];
    uint32_t script_count;
    uint32_t at;    // the next of the script
    bool following; // the run has made the script's calls so far

    struct hd_parked_call made[HD_PARKED_CALLS_MAX]; // in this run
    uint32_t made_count;
    bool made_more; // than there is room for

    bool break_raised;     // in this run, above where it began
    uintptr_t break_start; // where it is before a run
    uintptr_t break_now;   // where it is to the allocator, while it follows the script
    uintptr_t break_high;  // the highest that break_now has been in the run
    uintptr_t break_end;   // where it is to the kernel between two runs
    bool libc_knows_break; // before each run as before the first, or a later one would not ask
};

/// `pages` stays the caller's; where it cannot list pages nothing is kept.
void hd_parked_open(struct hd_parked *parked, const struct hd_pages *pages, bool keeps);

/// Whether anything is parked after a run: what is parked is cleared page by page, so pages must be
/// listed.
static inline bool hd_parked_can_keep(const struct hd_parked *parked)
{
    return parked->keeps && hd_pages_can_list(parked->pages);
}

/// Begins a run: calls come here. False: somebody else has moved the break since the last run; then
/// it begins where it is now, and nothing that was got by the break is parked.
bool hd_parked_begin(struct hd_parked *parked);

/// Ends it: calls go to the kernel. What the run did not come to stays parked.
void hd_parked_end(struct hd_parked *parked);

/// After a run: unmaps what the allocator has by `space` and did not have by `start`, but for what
/// is parked for the next run, and puts the break back. pre: hd_parked_end. False: the kernel
/// refused; the address space is not as it should be.
HD_MUST_USE bool hd_parked_put_back(struct hd_parked *parked, const struct hd_space *space,
                                    const struct hd_space *start);

/// Between two runs, once all that a run changed is put back: libc's sbrk believes what is so.
void hd_parked_tell_libc(const struct hd_parked *parked);

/// Nothing is parked any more.
void hd_parked_close(struct hd_parked *parked);

#endif
