// SPDX-License-Identifier: MIT
/// memory_limit.h: how much memory an allocator under test may map.
///
/// The kernel enforces it (RLIMIT_DATA: private writable mappings and the break): past it brk and
/// mmap fail with ENOMEM, which a correct allocator answers with NULL. So a request for more than
/// the machine has ends quickly, and the same way on every machine.
#ifndef HD_MEMORY_LIMIT_H
#define HD_MEMORY_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

/// A limit on what this process maps from the moment it was set.
struct hd_memory_limit {
    size_t bytes;      // 0: none
    size_t base_bytes; // mapped when it was set
};

/// Sets the limit for this process; `bytes` 0, or a system that does not tell or refuses, sets
/// none. Whatever the harness needs for itself must have been reserved before.
struct hd_memory_limit hd_memory_limit_set(size_t bytes);

/// Lifts the limit, for what the process does between two runs, and puts it back.
void hd_memory_limit_lift(const struct hd_memory_limit *limit);
void hd_memory_limit_restore(const struct hd_memory_limit *limit);

/// True when fewer than `spare_bytes` are left under the limit. Calls no allocator.
bool hd_memory_limit_reached(const struct hd_memory_limit *limit, size_t spare_bytes);

#endif
