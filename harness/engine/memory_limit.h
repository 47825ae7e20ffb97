// SPDX-License-Identifier: MIT
/// memory_limit.h: how much memory an allocator under test may map.
///
/// Past it brk and mmap fail with ENOMEM, which a correct allocator answers with NULL. So a request
/// for more than the machine has ends quickly, and the same way on every machine. Where every call
/// of the allocator's is tapped the tap answers so; elsewhere the kernel does (RLIMIT_DATA: private
/// writable mappings and the break).
#ifndef HD_MEMORY_LIMIT_H
#define HD_MEMORY_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A limit on what is mapped beyond what is when the limit begins to hold.
struct hd_memory_limit {
    size_t bytes;        // 0: none
    bool by_tap;         // the tap holds it; else the kernel
    size_t base_bytes;   // the process had mapped when the kernel's began
    size_t grown_bytes;  // since then, when it was lifted
    uint64_t most_bytes; // that the process may have without it: the hard limit
    int statm;           // where the kernel tells what is mapped; -1 until it first began
};

/// A limit of `bytes` that does not hold yet; `bytes` 0, or a system that does not tell what is
/// mapped, makes one that never does. What it opens when it first begins stays open until the
/// process ends, and tells of that process: where AFL++ forks, that is the child.
struct hd_memory_limit hd_memory_limit_open(size_t bytes);

/// From here to hd_memory_limit_end the limit holds. `by_tap`: the tap sees every call, and has an
/// account that began with this run (account.h). Else what the harness needs for itself must have
/// been reserved before; and where the system refuses, the limit does not hold.
void hd_memory_limit_begin(struct hd_memory_limit *limit, bool by_tap);
void hd_memory_limit_end(struct hd_memory_limit *limit);

/// In the middle of a run the harness maps memory for itself: the kernel's limit does not hold
/// until it is resumed, and what is mapped meanwhile does not count.
void hd_memory_limit_lift(struct hd_memory_limit *limit);
void hd_memory_limit_resume(struct hd_memory_limit *limit);

/// In the middle of a run the tap no longer sees every call: from here on the kernel holds the
/// limit.
void hd_memory_limit_leave_tap(struct hd_memory_limit *limit);

/// True when the limit holds and fewer than `spare_bytes` are left under it. Calls no allocator.
bool hd_memory_limit_reached(const struct hd_memory_limit *limit, size_t spare_bytes);

#endif
