// SPDX-License-Identifier: MIT
/// child.h: work that is measured in a child process of its own: a fresh heap, no tap yet.
#ifndef HD_CHILD_H
#define HD_CHILD_H

#include "allocators/status.h"
#include "harness/fresh/fresh.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the child tells its parent.
struct hd_child {
    uint64_t elapsed_ns;   // of what was measured; 0: it never came to that
    uint64_t wall_ns;      // the same by the clock on the wall
    bool left_out;         // it cannot be measured on this allocator, and was not
    uint64_t unserved;     // calls of a load that the allocator did not serve
    size_t resident_peak;  // bytes that the work made resident, at most; judged: that there were
    size_t mapped_peak;    // bytes that the allocator had mapped, at most
    uint64_t syscalls;     // that the tap saw meanwhile
    bool counted;          // these two are known
    enum hd_fresh_way way; // how the heap was made fresh
    uint64_t digest;       // of all runs (harness/fresh/check.h)
    uint64_t differing;    // inputs that had another the second time
    uint64_t first;        // of these, its number
    enum hd_status status;
    struct hd_message message;
};

typedef void hd_child_work(const void *context, struct hd_child *result);

/// Calls `work` in a child. The work's own status, or HD_UNAVAILABLE: no child could be had, or it
/// died first; then the message names `what`.
HD_MUST_USE enum hd_status hd_child_run(hd_child_work *work, const void *context, const char *what,
                                        struct hd_child *result, struct hd_message *message);

#endif
