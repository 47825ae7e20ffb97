// SPDX-License-Identifier: MIT
/// extents.h: the memory that an allocator had mapped as rectangles: where it lay, from which
/// operation to which.
#ifndef HD_EXTENTS_H
#define HD_EXTENTS_H

#include "harness/base/arena.h"
#include "harness/runner/runner.h"

#include <stddef.h>
#include <stdint.h>

/// Memory that the allocator got from the kernel, and can access. `from` is the operation that
/// mapped it, 0 for what was mapped while the library was loaded; `to` the one that gave it back,
/// one past the last that the run came to where none did.
struct hd_extent {
    uint64_t from;
    uint64_t to;
    uintptr_t start;
    uintptr_t end;
};

struct hd_extents {
    const struct hd_extent *items; // in the order in which they ended
    size_t count;
    struct hd_arena arena; // holds them, and only them
};

/// From the system calls of a run, which must have been recorded, up to the end of its trace.
void hd_extents_open(struct hd_extents *extents, const struct hd_result *result);
void hd_extents_close(struct hd_extents *extents);

#endif
