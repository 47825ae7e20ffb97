// SPDX-License-Identifier: MIT
/// space_apply.c: what each system call does to the map, and whose memory it was.
#include "harness/tap/space.h"

#include "harness/base/address.h"
#include "harness/base/page.h"

#include <errno.h>
#include <sys/mman.h>

#define READ_WRITE (PROT_READ | PROT_WRITE)

// mman-linux.h has them only from later versions on.
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif

/// What can be written can be read, on x86 and on arm.
static int rights(uint64_t prot)
{
    return (int)prot | ((prot & PROT_WRITE) != 0 ? PROT_READ : 0);
}

/// The worse it is to have worked on the owner's memory, the higher.
static int gravity(enum hd_owner owner)
{
    switch (owner) {
    case HD_OWNER_FOREIGN: return 3;
    case HD_OWNER_NOBODY: return 2;
    case HD_OWNER_BEFORE: return 1;
    case HD_OWNER_ALLOCATOR:
    case HD_OWNER_BREAK: break;
    }
    return 0;
}

static void note_stray(struct hd_effect *effect, uintptr_t address, enum hd_owner owner)
{
    const int known = effect->stray != 0 ? gravity(effect->stray_owner) : 0;
    if (gravity(owner) <= known) return;
    effect->stray = address != 0 ? address : 1;
    effect->stray_owner = owner;
}

/// Where the region's memory ends: a break may lie in the middle of a page, and the rest of that
/// page is there too.
static uintptr_t mapped_end(const struct hd_space *space, const struct hd_region *region)
{
    return region->end == space->brk_end ? hd_page_from(region->end) : region->end;
}

/// Notes the first byte of the gravest kind in [start, end) that is not the allocator's.
static void look_for_stray(const struct hd_space *space, uintptr_t start, uintptr_t end,
                           struct hd_effect *effect)
{
    uintptr_t at = start;
    while (at < end) {
        const struct hd_region *region = hd_space_find(space, at);
        if (region == NULL || region->start >= end) break;
        if (region->start > at) note_stray(effect, at, HD_OWNER_NOBODY);
        note_stray(effect, region->start > at ? region->start : at, region->owner);
        at = mapped_end(space, region);
    }
    if (at < end) note_stray(effect, at, HD_OWNER_NOBODY);
}

/// The same where a call puts new memory over old: where nothing was it takes nothing from anybody.
static void look_for_overlaid(const struct hd_space *space, uintptr_t start, uintptr_t end,
                              struct hd_effect *effect)
{
    const struct hd_region *region = hd_space_find(space, start);
    while (region != NULL && region->start < end) {
        note_stray(effect, region->start > start ? region->start : start, region->owner);
        region = hd_space_find(space, region->end);
    }
}

/// Past the addresses that a process can have nothing is lost, whatever the call was given.
static uintptr_t user_address(uintptr_t address)
{
    return address < HD_ADDRESS_END ? address : HD_ADDRESS_END;
}

static void lose(struct hd_effect *effect, uintptr_t start, uintptr_t end)
{
    effect->lost_start = user_address(start);
    effect->lost_end = user_address(end);
}

// ---------------------------------------------------------------------------- one call each

static void apply_mmap(struct hd_space *space, const struct hd_syscall *call,
                       struct hd_effect *effect)
{
    const uintptr_t start = (uintptr_t)call->result;
    const uintptr_t end = start + hd_whole_pages(call->args[1]);
    if ((call->args[3] & MAP_FIXED) != 0) {
        look_for_overlaid(space, start, end, effect);
        lose(effect, start, end);
    }
    hd_space_set(space, start, end, rights(call->args[2]), HD_OWNER_ALLOCATOR);
}

static void apply_munmap(struct hd_space *space, const struct hd_syscall *call,
                         struct hd_effect *effect)
{
    const uintptr_t start = call->args[0];
    const uintptr_t end = start + hd_whole_pages(call->args[1]);
    look_for_stray(space, start, end, effect);
    lose(effect, start, end);
    hd_space_set(space, start, end, 0, HD_OWNER_NOBODY);
}

/// From Linux 6.17 on one call moves several mappings where the size stays the same; what lies
/// where a hole would come stays. Piece by piece, so that no byte is counted twice.
static void move_pieces(struct hd_space *space, uintptr_t old_start, uintptr_t old_end,
                        uintptr_t start, bool old_stays)
{
    uintptr_t at = old_start;
    while (at < old_end) {
        const struct hd_region *region = hd_space_find(space, at);
        if (region == NULL || region->start >= old_end) break;
        const int prot = region->prot;
        const uintptr_t from = region->start > at ? region->start : at;
        const uintptr_t to = region->end < old_end ? region->end : old_end;
        if (!old_stays) hd_space_set(space, from, to, 0, HD_OWNER_NOBODY);
        hd_space_set(space, from - old_start + start, to - old_start + start, prot,
                     HD_OWNER_ALLOCATOR);
        at = to;
    }
}

static void apply_mremap(struct hd_space *space, const struct hd_syscall *call,
                         struct hd_effect *effect)
{
    const uintptr_t old_start = call->args[0];
    const uintptr_t old_end = old_start + hd_whole_pages(call->args[1]);
    const uintptr_t start = (uintptr_t)call->result;
    const uintptr_t end = start + hd_whole_pages(call->args[2]);
    const struct hd_region *region = hd_space_find(space, old_start);
    const bool known = region != NULL && region->start < old_end;
    const int prot = known ? region->prot : READ_WRITE;

    look_for_stray(space, old_start, old_end, effect);
    if (start == old_start && end <= old_end) { // what stays may be of several kinds
        lose(effect, end, old_end);
        hd_space_set(space, end, old_end, 0, HD_OWNER_NOBODY);
        return;
    }
    if (start != old_start) {
        if ((call->args[3] & MREMAP_FIXED) != 0) {
            look_for_overlaid(space, start, end, effect);
            effect->over_start = user_address(start);
            effect->over_end = user_address(end);
        }
        lose(effect, old_start, old_end);
        effect->discarded = (call->args[3] & MREMAP_DONTUNMAP) != 0;
        if (known && end - start == old_end - old_start) {
            move_pieces(space, old_start, old_end, start, effect->discarded);
            return;
        }
        if (!effect->discarded) hd_space_set(space, old_start, old_end, 0, HD_OWNER_NOBODY);
    }
    hd_space_set(space, start, end, prot, HD_OWNER_ALLOCATOR);
}

/// The first address of [start, end) where the map has nothing; `end`: there is none.
static uintptr_t first_hole(const struct hd_space *space, uintptr_t start, uintptr_t end)
{
    uintptr_t at = start;
    while (at < end) {
        const struct hd_region *region = hd_space_find(space, at);
        if (region == NULL || region->start > at) return at;
        at = region->end;
    }
    return end;
}

/// mprotect(2) and madvise(2) answer ENOMEM for a hole in the range, having changed what lies
/// before it (mprotect) or all around it (madvise). Without a hole the error has another cause.
static bool met_a_hole(const struct hd_space *space, const struct hd_syscall *call)
{
    const uintptr_t end = call->args[0] + hd_whole_pages(call->args[1]);
    return call->result == -ENOMEM && !call->refused && first_hole(space, call->args[0], end) < end;
}

/// All that is known in [start, end) has these rights now.
static void protect(struct hd_space *space, uintptr_t start, uintptr_t end, int prot,
                    struct hd_effect *effect)
{
    if ((prot & READ_WRITE) != READ_WRITE) lose(effect, start, end);
    uintptr_t at = start;
    while (at < end) {
        const struct hd_region *region = hd_space_find(space, at);
        if (region == NULL || region->start >= end) break;
        const uintptr_t from = region->start > at ? region->start : at;
        const uintptr_t to = region->end < end ? region->end : end;
        hd_space_set(space, from, to, prot, region->owner);
        at = to;
    }
}

static void apply_mprotect(struct hd_space *space, const struct hd_syscall *call,
                           struct hd_effect *effect)
{
    uintptr_t end = call->args[0] + hd_whole_pages(call->args[1]);
    look_for_stray(space, call->args[0], end, effect);
    if (hd_syscall_is_error(call->result)) end = first_hole(space, call->args[0], end);
    protect(space, call->args[0], end, rights(call->args[2]), effect);
}

static bool discards(int advice)
{
    return advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_REMOVE ||
           advice == MADV_DONTNEED_LOCKED;
}

static void apply_madvise(struct hd_space *space, const struct hd_syscall *call,
                          struct hd_effect *effect)
{
    const uintptr_t end = call->args[0] + hd_whole_pages(call->args[1]);
    look_for_stray(space, call->args[0], end, effect);
    const int advice = (int)call->args[2];
    // Guards are pages that fault, whatever their mapping allows (Linux 6.13).
    if (advice == MADV_GUARD_INSTALL) protect(space, call->args[0], end, PROT_NONE, effect);
    if (advice == MADV_GUARD_REMOVE) protect(space, call->args[0], end, READ_WRITE, effect);
    if (!discards(advice)) return;
    lose(effect, call->args[0], end);
    effect->discarded = true;
    effect->lazily = advice == MADV_FREE;
}

void hd_space_meet_break(struct hd_space *space, uintptr_t now)
{
    if (space->brk_end != 0 && now != space->brk_end) space->break_moved = true;
    if (space->brk_end != 0 && now > space->brk_end)
        hd_space_set(space, space->brk_end, now, READ_WRITE, HD_OWNER_BEFORE);
    if (space->brk_end != 0 && now < space->brk_end)
        hd_space_set(space, now, space->brk_end, 0, HD_OWNER_NOBODY);
    space->brk_end = now;
}

static void apply_brk(struct hd_space *space, const struct hd_syscall *call,
                      struct hd_effect *effect)
{
    const uintptr_t now = (uintptr_t)call->result;
    hd_space_meet_break(space, call->break_before);
    space->break_shared |= space->break_moved;
    if (now > call->break_before)
        hd_space_set(space, call->break_before, now, READ_WRITE, HD_OWNER_BREAK);
    if (now < call->break_before) {
        look_for_stray(space, now, call->break_before, effect);
        lose(effect, now, call->break_before);
        hd_space_set(space, now, call->break_before, 0, HD_OWNER_NOBODY);
    }
    space->brk_end = now;
}

void hd_space_apply(struct hd_space *space, const struct hd_syscall *call,
                    struct hd_effect *effect)
{
    *effect = (struct hd_effect){0};
    const enum hd_syscall_id id = hd_syscall_of(call->number);
    const bool in_part = (id == HD_SYSCALL_mprotect || id == HD_SYSCALL_pkey_mprotect ||
                          id == HD_SYSCALL_madvise) &&
                         met_a_hole(space, call);
    if (hd_syscall_is_error(call->result) && !in_part) return;
    switch (id) {
    case HD_SYSCALL_mmap: apply_mmap(space, call, effect); break;
    case HD_SYSCALL_munmap: apply_munmap(space, call, effect); break;
    case HD_SYSCALL_mremap: apply_mremap(space, call, effect); break;
    case HD_SYSCALL_mprotect:
    case HD_SYSCALL_pkey_mprotect: apply_mprotect(space, call, effect); break;
    case HD_SYSCALL_madvise: apply_madvise(space, call, effect); break;
    case HD_SYSCALL_brk: apply_brk(space, call, effect); break;
    default: break;
    }
}
