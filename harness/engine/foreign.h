// SPDX-License-Identifier: MIT
/// foreign.h: memory that somebody else has beside the allocator's: mapped by the harness, filled,
/// and looked at again, so that an unmap or a write past the end hits something that is watched.
#ifndef HD_FOREIGN_H
#define HD_FOREIGN_H

#include "harness/tap/space.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HD_FOREIGN_MAX 64

struct hd_watched {
    uintptr_t start;
    size_t size; // bytes
    uint64_t key; // of the pattern it holds
    bool by_break;
};

struct hd_foreign {
    struct hd_watched watched[HD_FOREIGN_MAX]; // in the order made
    size_t count;
    uint64_t fillings;
};

/// Maps a page at the first page boundary from `behind` on. False, and nothing has happened: there
/// is one already, or there are HD_FOREIGN_MAX pieces.
bool hd_foreign_mmap(struct hd_foreign *foreign, struct hd_space *space, uintptr_t behind);

/// Moves the break up by up to 1 MiB, or down where the newest pieces on top are from here; by
/// libc's sbrk(3), as another part of the program would. False, and nothing has happened: any other
/// number of bytes, the kernel refused, or libc does not know where the break is.
bool hd_foreign_sbrk(struct hd_foreign *foreign, struct hd_space *space, int64_t bytes);

/// The first watched byte that is not as it was filled; 0 when all are. What is found so is watched
/// no more, nor is what the map no longer has.
uintptr_t hd_foreign_check(struct hd_foreign *foreign, const struct hd_space *space);

/// Unmaps it all. What lies in the break and is not on top of it stays, no longer watched and never
/// the allocator's.
void hd_foreign_leave(struct hd_foreign *foreign, struct hd_space *space);

#endif
