// SPDX-License-Identifier: MIT
/// space.c: sorted intervals in one array: looked up by halves, spliced by moving the tail.
///
/// The kernel lets a process have 65,530 mappings by default and joins neighbours as we do, so a
/// splice moves 1 MiB in the mean at the very worst, and some hundred bytes as a rule.
#include "harness/tap/space.h"

#include <string.h>
#include <sys/mman.h>

#define REGIONS_MAX ((size_t)1 << 22)

void hd_space_open(struct hd_space *space)
{
    *space = (struct hd_space){0};
    hd_arena_open(&space->arena, REGIONS_MAX * sizeof(struct hd_region));
    space->regions = (struct hd_region *)(void *)space->arena.base;
}

void hd_space_close(struct hd_space *space) { hd_arena_close(&space->arena); }

bool hd_owner_is_allocators(enum hd_owner owner)
{
    return owner == HD_OWNER_ALLOCATOR || owner == HD_OWNER_BREAK;
}

void hd_space_restart_peak(struct hd_space *space) { space->mapped_peak = space->mapped; }

// ---------------------------------------------------------------------------- looking up

/// The index of the first region that ends after `address`.
static size_t index_of(const struct hd_space *space, uintptr_t address)
{
    size_t low = 0;
    size_t high = space->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (space->regions[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct hd_region *hd_space_find(const struct hd_space *space, uintptr_t address)
{
    const size_t i = index_of(space, address);
    return i < space->count ? &space->regions[i] : NULL;
}

uintptr_t hd_space_first_unwritable(const struct hd_space *space, uintptr_t start, uintptr_t end)
{
    uintptr_t at = start;
    for (size_t i = index_of(space, start); i < space->count && at < end; i++) {
        const struct hd_region *region = &space->regions[i];
        if (region->start > at || !hd_region_holds_blocks(region)) return at;
        at = region->end;
    }
    return at < end ? at : end;
}

// ---------------------------------------------------------------------------- changing

/// Adds to the sums what `region` has of [start, end); `sign` -1: takes it away.
static void account(struct hd_space *space, const struct hd_region *region, uintptr_t start,
                    uintptr_t end, int sign)
{
    if (!hd_owner_is_allocators(region->owner)) return;
    const uintptr_t from = region->start > start ? region->start : start;
    const uintptr_t to = region->end < end ? region->end : end;
    size_t *sum = region->prot == PROT_NONE ? &space->reserved : &space->mapped;
    *sum += sign > 0 ? to - from : -(to - from);
    if (space->mapped > space->mapped_peak) space->mapped_peak = space->mapped;
}

static bool alike(const struct hd_region *a, const struct hd_region *b)
{
    return a->end == b->start && a->prot == b->prot && a->owner == b->owner;
}

/// Pieces that will stand in the place of some regions, in order; neighbours that are alike join.
struct pieces {
    struct hd_region items[5];
    size_t count;
};

static void add_piece(struct pieces *pieces, struct hd_region piece)
{
    if (piece.start >= piece.end || piece.owner == HD_OWNER_NOBODY) return;
    if (pieces->count > 0 && alike(&pieces->items[pieces->count - 1], &piece))
        pieces->items[pieces->count - 1].end = piece.end;
    else
        pieces->items[pieces->count++] = piece;
}

/// Makes room for `count` regions.
static void make_room(struct hd_space *space, size_t count)
{
    const size_t bytes = count * sizeof space->regions[0];
    if (bytes > space->arena.used)
        (void)hd_arena_take(&space->arena, bytes - space->arena.used, 1);
}

/// Puts the pieces in the place of the regions from `from` up to `to`.
static void splice(struct hd_space *space, size_t from, size_t to, const struct pieces *pieces)
{
    const size_t count = space->count - (to - from) + pieces->count;
    make_room(space, count);
    memmove(&space->regions[from + pieces->count], &space->regions[to],
            (space->count - to) * sizeof space->regions[0]);
    memcpy(&space->regions[from], pieces->items, pieces->count * sizeof space->regions[0]);
    space->count = count;
}

void hd_space_copy(struct hd_space *space, const struct hd_space *original)
{
    make_room(space, original->count);
    memcpy(space->regions, original->regions, original->count * sizeof space->regions[0]);
    const struct hd_arena arena = space->arena;
    struct hd_region *regions = space->regions;
    *space = *original;
    space->arena = arena;
    space->regions = regions;
}

void hd_space_set(struct hd_space *space, uintptr_t start, uintptr_t end, int prot,
                  enum hd_owner owner)
{
    if (start >= end) return;
    const struct hd_region made = {.start = start, .end = end, .prot = prot, .owner = owner};
    size_t from = index_of(space, start);
    size_t to = from;
    struct pieces pieces = {0};
    for (; to < space->count && space->regions[to].start < end; to++)
        account(space, &space->regions[to], start, end, -1);

    // The neighbours on both sides come along, in case the new piece is like them.
    struct hd_region left = {0};
    struct hd_region right = {0};
    if (from < to) {
        left = space->regions[from];
        right = space->regions[to - 1];
    }
    if (from > 0) add_piece(&pieces, space->regions[from - 1]);
    if (left.end > left.start) {
        left.end = start;
        add_piece(&pieces, left);
    }
    add_piece(&pieces, made);
    if (right.end > right.start) {
        right.start = end;
        add_piece(&pieces, right);
    }
    if (to < space->count) add_piece(&pieces, space->regions[to]);
    splice(space, from > 0 ? from - 1 : from, to < space->count ? to + 1 : to, &pieces);
    account(space, &made, start, end, 1);
}
