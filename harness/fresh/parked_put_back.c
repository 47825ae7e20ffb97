// SPDX-License-Identifier: MIT
/// parked_put_back.c: between two runs: what is parked for the next, what is unmapped.
#include "harness/fresh/pages.h"
#include "harness/fresh/parked.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// So many pages are cleared and stay resident; what was written beyond them is given back.
#define RESIDENT_MAX 4096

// ---------------------------------------------------------------------------- ranges

static bool meet(struct hd_page_run a, struct hd_page_run b)
{
    return a.start < b.end && b.start < a.end;
}

static bool lies_in(struct hd_page_run inner, struct hd_page_run outer)
{
    return inner.start >= outer.start && inner.end <= outer.end;
}

static struct hd_page_run run_of(uintptr_t start, uint64_t size)
{
    return (struct hd_page_run){start, hd_page_from(start + size)};
}

static bool failed(const struct hd_parked_call *call)
{
    if (call->id == HD_SYSCALL_brk) return (uint64_t)call->result != call->args[0];
    return hd_syscall_is_error(call->result);
}

/// What the call mapped; empty: nothing.
static struct hd_page_run mapped_by(const struct hd_parked_call *call)
{
    if (failed(call)) return (struct hd_page_run){0};
    if (call->id == HD_SYSCALL_mmap) return run_of((uintptr_t)call->result, call->args[1]);
    if (call->id == HD_SYSCALL_mremap) return run_of((uintptr_t)call->result, call->args[2]);
    return (struct hd_page_run){0};
}

// ---------------------------------------------------------------------------- what can be parked

static bool is_plain(const struct hd_parked_call *call)
{
    const uint64_t kinds = MAP_PRIVATE | MAP_ANONYMOUS;
    const uint64_t others = MAP_NORESERVE | MAP_STACK | MAP_FIXED;
    return call->id == HD_SYSCALL_mmap && !failed(call) && (call->args[3] & ~others) == kinds &&
           (call->args[2] & ~(uint64_t)HD_READ_WRITE) == 0;
}

static bool is_fixed(const struct hd_parked_call *call)
{
    return call->id == HD_SYSCALL_mmap && (call->args[3] & MAP_FIXED) != 0;
}

/// True when the memory is no longer what a mapping of that place has by itself.
static bool changes_kind(const struct hd_parked_call *call, struct hd_page_run place)
{
    switch (call->id) {
    case HD_SYSCALL_mmap: return !is_plain(call) && meet(mapped_by(call), place);
    case HD_SYSCALL_mremap:
        return meet(mapped_by(call), place) || meet(run_of(call->args[0], call->args[1]), place);
    case HD_SYSCALL_madvise:
        return call->args[2] != MADV_DONTNEED && call->args[2] != MADV_FREE &&
               meet(run_of(call->args[0], call->args[1]), place);
    case HD_SYSCALL_pkey_mprotect: return meet(run_of(call->args[0], call->args[1]), place);
    default: return false;
    }
}

/// Of calls before the i-th: a reserve that is parked and that the place lies in. NULL: none, or
/// the place was touched by another besides.
static const struct hd_parked_call *reserve_around(const struct hd_parked *parked, uint32_t i,
                                                   struct hd_page_run place)
{
    const struct hd_parked_call *reserve = NULL;
    for (uint32_t j = 0; j < i; j++) {
        const struct hd_parked_call *before = &parked->made[j];
        if (before->parked && !is_fixed(before) && before->args[2] == PROT_NONE &&
            before->id == HD_SYSCALL_mmap && lies_in(place, mapped_by(before)))
            reserve = before;
        else if (meet(mapped_by(before), place) ||
                 ((before->id == HD_SYSCALL_munmap || before->id == HD_SYSCALL_mprotect ||
                   before->id == HD_SYSCALL_madvise) &&
                  meet(run_of(before->args[0], before->args[1]), place)))
            return NULL;
    }
    return reserve;
}

static bool is_free(const struct hd_parked *parked, uint32_t i, const struct hd_space *start,
                    struct hd_page_run place)
{
    const struct hd_region *region = hd_space_find(start, place.start);
    if (region != NULL && region->start < place.end) return false;
    for (uint32_t j = 0; j < i; j++)
        if (meet(mapped_by(&parked->made[j]), place)) return false;
    return true;
}

static bool can_park_mapping(const struct hd_parked *parked, uint32_t i,
                             const struct hd_space *start)
{
    const struct hd_parked_call *call = &parked->made[i];
    const struct hd_page_run place = mapped_by(call);
    if (!is_plain(call)) return false;
    const bool fits = is_fixed(call) ? reserve_around(parked, i, place) != NULL
                                     : is_free(parked, i, start, place);
    for (uint32_t j = 0; fits && j < parked->made_count; j++)
        if (changes_kind(&parked->made[j], place)) return false;
    return fits;
}

/// True where the run did something else to memory got by the break than move it.
static bool meddles_with_break(const struct hd_parked *parked, uintptr_t end)
{
    const struct hd_page_run place = {hd_page_of(parked->break_start), hd_page_from(end)};
    for (uint32_t i = 0; i < parked->made_count; i++) {
        const struct hd_parked_call *call = &parked->made[i];
        if (call->id == HD_SYSCALL_brk) continue;
        const bool discards = call->id == HD_SYSCALL_madvise &&
                              (call->args[2] == MADV_DONTNEED || call->args[2] == MADV_FREE);
        const bool on = call->id != HD_SYSCALL_mmap && !discards &&
                        meet(run_of(call->args[0], call->args[1]), place);
        if (on || meet(mapped_by(call), place)) return true;
    }
    return false;
}

/// Takes the break along to where the call moved it; false: that cannot be parked. What was given
/// back is not clear before the run ends, so it is not given out again.
static bool can_park_break(const struct hd_parked *parked, uintptr_t to, uintptr_t *now,
                           uintptr_t *highest)
{
    const bool was_lowered = *now < *highest;
    if (to < parked->break_start || (to > *now && was_lowered)) return false;
    if (meddles_with_break(parked, to)) return false;
    *now = to;
    if (to > *highest) *highest = to;
    return true;
}

/// Decides about each call with which the next script begins; returns how many those are.
static uint32_t choose(struct hd_parked *parked, const struct hd_space *start, uint32_t limit,
                       uintptr_t *break_parked)
{
    *break_parked = parked->break_start;
    uintptr_t break_now = parked->break_start;
    uint32_t i = 0;
    for (; i < parked->made_count && i < limit; i++) {
        struct hd_parked_call *call = &parked->made[i];
        if (failed(call)) break;
        const bool moves_break = call->id == HD_SYSCALL_brk;
        if (moves_break && !can_park_break(parked, call->args[0], &break_now, break_parked)) break;
        call->parked = moves_break || can_park_mapping(parked, i, start);
    }
    // Whoever gets memory behind it between two runs is not to get a part of a page of it.
    if (*break_parked != parked->break_start) *break_parked = hd_page_from(*break_parked);
    return i;
}

// ---------------------------------------------------------------------------- unmapping

/// Whether the page at `at` stays, and how far, or how far nothing stays.
static bool stays(const struct hd_parked *parked, uint32_t count, const struct hd_space *start,
                  uintptr_t at, uintptr_t *until)
{
    const struct hd_region *region = hd_space_find(start, at);
    if (region != NULL && region->start <= at) {
        *until = hd_page_from(region->end);
        return true;
    }
    if (region != NULL && region->start < *until) *until = region->start;
    for (uint32_t i = 0; i < count; i++) {
        if (!parked->made[i].parked) continue;
        const struct hd_page_run place = mapped_by(&parked->made[i]);
        if (at >= place.start && at < place.end) {
            *until = place.end;
            return true;
        }
        if (place.start > at && place.start < *until) *until = place.start;
    }
    return false;
}

static bool unmap(struct hd_page_run *pending)
{
    const bool unmapped = pending->start == pending->end ||
                          munmap((void *)pending->start, pending->end - pending->start) == 0;
    *pending = (struct hd_page_run){0};
    return unmapped;
}

/// Neighbours are unmapped by one call.
static bool unmap_others(const struct hd_parked *parked, uint32_t count,
                         const struct hd_space *space, const struct hd_space *start)
{
    struct hd_page_run pending = {0};
    bool unmapped = true;
    for (size_t i = 0; i < space->count; i++) {
        const struct hd_region *region = &space->regions[i];
        if (region->owner != HD_OWNER_ALLOCATOR) continue;
        for (uintptr_t at = region->start; at < region->end;) {
            uintptr_t until = region->end;
            const bool left = stays(parked, count, start, at, &until);
            if (until > region->end) until = region->end;
            if (!left && pending.end != at) {
                unmapped = unmap(&pending) && unmapped;
                pending.start = at;
            }
            if (!left) pending.end = until;
            at = until;
        }
    }
    return unmap(&pending) && unmapped;
}

// ---------------------------------------------------------------------------- mapping again

/// Calls `piece` for what of the place the map has as the allocator's (region), and for what it has
/// not (NULL). False as soon as that answers false.
static bool each_piece(const struct hd_space *space, struct hd_page_run place,
                       bool (*piece)(const struct hd_region *region, struct hd_page_run run,
                                     void *context),
                       void *context)
{
    for (uintptr_t at = place.start; at < place.end;) {
        const struct hd_region *region = hd_space_find(space, at);
        const bool none = region == NULL || region->start >= place.end;
        const bool here = !none && region->start <= at;
        uintptr_t until = none ? place.end : here ? hd_page_from(region->end) : region->start;
        if (until > place.end) until = place.end;
        if (!piece(here ? region : NULL, (struct hd_page_run){at, until}, context)) return false;
        at = until;
    }
    return true;
}

/// As it was before the run: there, and with these rights.
static bool restore_piece(const struct hd_region *region, struct hd_page_run run, void *context)
{
    const struct hd_region *before = context;
    const size_t size = run.end - run.start;
    if (region != NULL && region->prot == before->prot) return true;
    if (region != NULL && mprotect((void *)run.start, size, before->prot) != 0) return false;
    if (region != NULL) // what was only reserved held nothing
        return before->prot != PROT_NONE || madvise((void *)run.start, size, MADV_DONTNEED) == 0;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE;
    return mmap((void *)run.start, size, before->prot, flags, -1, 0) == (void *)run.start;
}

static bool restore(const struct hd_space *space, const struct hd_space *start)
{
    for (size_t i = 0; i < start->count; i++) {
        const struct hd_region *before = &start->regions[i];
        const struct hd_page_run place = {before->start, before->end};
        if (before->owner == HD_OWNER_ALLOCATOR &&
            !each_piece(space, place, restore_piece, (void *)before))
            return false;
    }
    return true;
}

// ---------------------------------------------------------------------------- parking

struct clearing {
    const struct hd_parked *parked;
    const struct hd_parked_call *call;
    bool rights_changed;          // of a part of it, by the run
    size_t left;                  // pages that may stay resident yet
    struct hd_page_run unwritten; // a stretch of pages that the run did not write
    size_t stretches;             // of these, so far
};

/// A page that is written costs a tenth where it was cleared of what it costs mapped anew; but one
/// that is looked at in vain costs too. After each run one stretch of those goes, in turn.
static void end_stretch(struct clearing *clearing)
{
    const struct hd_page_run *stretch = &clearing->unwritten;
    if (stretch->start == stretch->end) return;
    if (clearing->stretches++ == clearing->parked->stretch_to_go)
        (void)madvise((void *)stretch->start, stretch->end - stretch->start, MADV_DONTNEED);
    clearing->unwritten = (struct hd_page_run){0};
}

static void clear_run(void *context, struct hd_page_run run)
{
    struct clearing *clearing = context;
    uintptr_t page = run.start;
    for (; page < run.end && clearing->left > 0; page += HD_PAGE, clearing->left--) {
        const bool unwritten = hd_page_is_zero(page);
        if (!unwritten || clearing->unwritten.end != page) end_stretch(clearing);
        if (!unwritten)
            hd_bytes_clear(page, HD_PAGE);
        else if (clearing->unwritten.start == clearing->unwritten.end)
            clearing->unwritten = (struct hd_page_run){page, page + HD_PAGE};
        else
            clearing->unwritten.end += HD_PAGE;
    }
    if (page < run.end) (void)madvise((void *)page, run.end - page, MADV_DONTNEED);
}

/// All zero and inaccessible. pre: it can be written.
static bool clear(struct clearing *clearing, struct hd_page_run run)
{
    const bool listed = hd_pages_list(clearing->parked->pages, run.start, run.end,
                                      HD_PAGES_RESIDENT, clear_run, clearing);
    end_stretch(clearing);
    return listed && mprotect((void *)run.start, run.end - run.start, PROT_NONE) == 0;
}

/// A part that the allocator gave back is mapped again.
static bool park_piece(const struct hd_region *region, struct hd_page_run run, void *context)
{
    struct clearing *clearing = context;
    void *start = (void *)run.start;
    const size_t size = run.end - run.start;
    if (region == NULL) {
        const int flags = (int)clearing->call->args[3] | MAP_FIXED_NOREPLACE;
        return mmap(start, size, PROT_NONE, flags, -1, 0) == start;
    }
    if (region->prot == PROT_NONE) // what it held before it was made so
        return !clearing->rights_changed || madvise(start, size, MADV_DONTNEED) == 0;
    if (region->prot != HD_READ_WRITE && mprotect(start, size, HD_READ_WRITE) != 0) return false;
    return clear(clearing, run);
}

static bool rights_changed(const struct hd_parked *parked, struct hd_page_run place)
{
    for (uint32_t i = 0; i < parked->made_count; i++) {
        const struct hd_parked_call *call = &parked->made[i];
        if (call->id == HD_SYSCALL_mprotect && meet(run_of(call->args[0], call->args[1]), place))
            return true;
    }
    return false;
}

/// What a run that follows the script gave back is out of reach, and not clear: it is made writable
/// for that. Behind the highest that it came to the break is as it was parked before.
static bool park_break(const struct hd_parked *parked, uintptr_t end, struct clearing *clearing)
{
    const uintptr_t start = parked->break_start;
    const uintptr_t used_end = parked->following ? parked->break_high : end;
    const struct hd_page_run place = {hd_page_from(start), hd_page_from(used_end)};
    const uintptr_t lowered = hd_page_from(parked->break_now);
    if (parked->following && lowered < place.end &&
        mprotect((void *)lowered, place.end - lowered, HD_READ_WRITE) != 0)
        return false;
    const uintptr_t now = (uintptr_t)syscall(SYS_brk, 0);
    if (now != end && (uintptr_t)syscall(SYS_brk, end) != end) return false;
    if (place.start > start &&
        (now > start || parked->break_raised)) // the rest of a page that is not the break's alone
        hd_bytes_clear(start, place.start - start);
    return place.start >= place.end || clear(clearing, place);
}

/// What the run has used of the first `count` calls' memory, and the break.
static bool park_used(struct hd_parked *parked, uint32_t count, uintptr_t break_end,
                      const struct hd_space *space)
{
    struct clearing clearing = {.parked = parked, .left = RESIDENT_MAX};
    bool all = true;
    for (uint32_t i = 0; i < count; i++) {
        const struct hd_parked_call *call = &parked->made[i];
        if (!call->parked || call->id == HD_SYSCALL_brk || is_fixed(call)) continue;
        const struct hd_page_run place = mapped_by(call);
        clearing.call = call;
        clearing.rights_changed = rights_changed(parked, place);
        all = each_piece(space, place, park_piece, &clearing) && all;
    }
    all = all && park_break(parked, break_end, &clearing);
    parked->stretch_to_go =
        parked->stretch_to_go + 1 < clearing.stretches ? parked->stretch_to_go + 1 : 0;
    return all;
}

// ---------------------------------------------------------------------------- between two runs

/// The calls that were made, and behind them what the run did not come to.
static void take_over(struct hd_parked *parked, uint32_t count, uint32_t rest)
{
    for (uint32_t i = 0; i < count; i++)
        parked->script[i] = parked->made[i];
    parked->script_count = rest > count ? rest : count;
}

bool hd_parked_put_back(struct hd_parked *parked, const struct hd_space *space,
                        const struct hd_space *start)
{
    const uint32_t limit = !hd_parked_can_keep(parked) || parked->made_more ? 0
                           : parked->following                              ? parked->made_count
                                                                            : parked->at + 2;
    uintptr_t break_end;
    const uint32_t count = choose(parked, start, limit, &break_end);
    if (count < parked->made_count) parked->keeper.stand_aside(&parked->keeper);
    // A run that never left the script has made its first calls, and the rest lies ready still.
    const uint32_t rest = parked->following ? parked->script_count : 0;
    if (count < rest) break_end = parked->break_end;

    const bool done = unmap_others(parked, count, space, start) && restore(space, start) &&
                      park_used(parked, count, break_end, space);
    take_over(parked, count, rest);
    parked->break_end = break_end;
    return done;
}
