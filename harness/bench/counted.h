// SPDX-License-Identifier: MIT
/// counted.h: an allocator between a load and the one that does the work: it counts system calls.
#ifndef HD_COUNTED_H
#define HD_COUNTED_H

#include "allocators/allocator.h"
#include "harness/tap/space.h"

struct hd_counted {
    struct hd_subject inner;
    struct hd_space space; // what the inner one has mapped; its peak counts from the opening on
    uint64_t syscalls;     // from the opening on
    bool lost;             // one call of the allocator's made more than the log holds
};

/// pre: the tap is open and sees `inner`, which hd_loading_open has just loaded.
void hd_counted_open(struct hd_counted *counted, const struct hd_subject *inner);

/// The subject to call, from the thread that opened the tap: it offers what the inner one offers of
/// what an operation of a trace calls, and is valid for as long as `counted` is.
struct hd_subject hd_counted_subject(struct hd_counted *counted);

#endif
