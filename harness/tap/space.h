// SPDX-License-Identifier: MIT
/// space.h: the address space as an allocator made it: which memory is its own, at every step.
///
/// Kept from the system calls that the tap saw, as sorted intervals that share no byte; neighbours
/// that are alike are one. Addresses are uintptr_t, sizes bytes, ranges half open.
#ifndef HD_SPACE_H
#define HD_SPACE_H

#include "harness/base/arena.h"
#include "harness/tap/tap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

/// Whose memory it is.
enum hd_owner {
    HD_OWNER_NOBODY,    // never seen to be mapped, or given back
    HD_OWNER_ALLOCATOR, // the allocator got it from the kernel, by mmap or mremap
    HD_OWNER_BREAK,     // the same, by brk
    HD_OWNER_BEFORE,    // there before the tap: the library's data, a heap used before
    HD_OWNER_FOREIGN,   // the harness mapped it, to see that it is left alone
};

/// True for memory that the allocator itself got from the kernel.
bool hd_owner_is_allocators(enum hd_owner owner);

struct hd_region {
    uintptr_t start;
    uintptr_t end;
    int prot; // PROT_READ | ..., as mmap(2) takes it
    enum hd_owner owner;
};

/// True when an allocator's blocks may lie there: it can be read and written, and is nobody else's.
static inline bool hd_region_holds_blocks(const struct hd_region *region)
{
    const int wanted = PROT_READ | PROT_WRITE;
    return region->owner != HD_OWNER_FOREIGN && (region->prot & wanted) == wanted;
}

struct hd_space {
    struct hd_region *regions; // sorted
    size_t count;
    struct hd_arena arena; // holds the regions, and only them
    uintptr_t brk_end;     // where the break was when last seen; 0: never
    bool break_moved;      // somebody whom the tap does not see has moved it
    bool break_shared;     // and the allocator has moved it after that
    // Of memory that the allocator owns and can access (PROT_NONE is only reserved).
    size_t mapped;      // bytes
    size_t mapped_peak; // bytes, the most since hd_space_restart_peak
    size_t reserved;    // bytes it owns with PROT_NONE
};

/// What a system call did to the address space: what oracles ask of it.
struct hd_effect {
    // Memory that it gave back, took the contents of, or made inaccessible; at no address past the
    // user's. Empty: none.
    uintptr_t lost_start;
    uintptr_t lost_end;
    // The same, of mremap where it was told to put the memory over other. Empty: none.
    uintptr_t over_start;
    uintptr_t over_end;
    bool discarded;  // the memory is still mapped, only its contents are gone (madvise)
    bool lazily;     // they go when the kernel likes, and are there until then (MADV_FREE)
    // The first byte that it worked on and that was not the allocator's own. 0: none; where it is
    // the byte at 0, 1.
    uintptr_t stray;
    enum hd_owner stray_owner; // NOBODY, BEFORE or FOREIGN
};

/// An empty map.
void hd_space_open(struct hd_space *space);
void hd_space_close(struct hd_space *space);

/// Makes `space` what `original` is, the peak with it.
void hd_space_copy(struct hd_space *space, const struct hd_space *original);

/// Brings the map up to date with one call, in the order made. Tells its effect, judged by the map
/// as it was before.
void hd_space_apply(struct hd_space *space, const struct hd_syscall *call,
                    struct hd_effect *effect);

/// Tells where the break is now. What it grew by unseen (libc's malloc in the same process moves it
/// too) becomes HD_OWNER_BEFORE, what it shrank by nobody's. A call of brk tells it by itself.
void hd_space_meet_break(struct hd_space *space, uintptr_t now);

/// The range is now this, whatever was there. HD_OWNER_NOBODY takes it out.
void hd_space_set(struct hd_space *space, uintptr_t start, uintptr_t end, int prot,
                  enum hd_owner owner);

/// The region that holds `address`, or the first one after it; NULL: there is none.
const struct hd_region *hd_space_find(const struct hd_space *space, uintptr_t address);

/// The first address of [start, end) that does not lie in memory that can be read and written and
/// is nobody's or another's than the allocator's (or was there before); `end` when all of it does.
uintptr_t hd_space_first_unwritable(const struct hd_space *space, uintptr_t start, uintptr_t end);

/// Learns of memory around `address` that the process has writable though the tap never saw it
/// mapped, from /proc/self/maps: it becomes HD_OWNER_BEFORE. False when there is none.
bool hd_space_learn(struct hd_space *space, uintptr_t address);

/// Learns of all private memory that is mapped now and that the map does not have: the data of
/// libraries, a heap used before. Not of stacks, of code, or of the harness's own arenas.
void hd_space_learn_all(struct hd_space *space);

/// The peak counts from the present on.
void hd_space_restart_peak(struct hd_space *space);

/// What `mapped` would be after the call, if that succeeds, where it would be more: exactly, of a
/// call that asks for memory. Arguments are as hd_refusals_decide takes them.
size_t hd_space_mapped_after(const struct hd_space *space, enum hd_syscall_id id,
                             const uint64_t args[6], uintptr_t break_now);

/// Bytes of the allocator's own memory that are resident now (mincore(2)). Regions with PROT_NONE
/// of more than 64 MiB are passed over.
size_t hd_space_resident(const struct hd_space *space);

#endif
