// SPDX-License-Identifier: MIT
/// space_growth.c: what a call would add to the allocator's memory, before it is made.
///
/// Called in the tap's signal handler: no call of libc.
#include "harness/tap/refusals.h"
#include "harness/tap/space.h"

/// Bytes of the allocator's own memory in [start, start + size): those that can be accessed, or
/// those that are only reserved.
static size_t bytes_in(const struct hd_space *space, uintptr_t start, size_t size, bool accessible)
{
    const uintptr_t end = start + size;
    size_t bytes = 0;
    const struct hd_region *region = hd_space_find(space, start);
    for (; region != NULL && region->start < end; region = hd_space_find(space, region->end)) {
        const uintptr_t from = region->start > start ? region->start : start;
        const uintptr_t to = region->end < end ? region->end : end;
        if (hd_owner_is_allocators(region->owner) && (region->prot != PROT_NONE) == accessible)
            bytes += to - from;
    }
    return bytes;
}

static bool is_reserved(const struct hd_space *space, uintptr_t address)
{
    const struct hd_region *region = hd_space_find(space, address);
    return region != NULL && region->start <= address && region->prot == PROT_NONE;
}

size_t hd_space_mapped_after(const struct hd_space *space, enum hd_syscall_id id,
                             const uint64_t args[6], uintptr_t break_now)
{
    size_t growth = (size_t)hd_refusals_growth(id, args, break_now);
    if (id == HD_SYSCALL_mmap && (args[3] & MAP_FIXED) != 0)
        growth -= bytes_in(space, args[0], growth, true);
    if (id == HD_SYSCALL_mprotect) growth = bytes_in(space, args[0], growth, false);
    if (id == HD_SYSCALL_mremap && is_reserved(space, args[0])) growth = 0;
    return space->mapped + growth;
}
