// SPDX-License-Identifier: MIT
/// extents.c: the calls into a map of memory anew, and what differs after each operation.
#include "harness/report/extents.h"

#include "harness/tap/space.h"

#define EXTENTS_MAX ((size_t)1 << 24)

/// Extents that stand one after the other in an arena.
struct row {
    struct hd_extent *items;
    size_t count;
    struct hd_arena arena;
};

static void row_open(struct row *row)
{
    *row = (struct row){0};
    hd_arena_open(&row->arena, EXTENTS_MAX * sizeof(struct hd_extent));
    row->items = (struct hd_extent *)(void *)row->arena.base;
}

/// Adds [start, end) where that is not empty.
static void row_add(struct row *row, struct hd_extent extent)
{
    if (extent.start >= extent.end) return;
    (void)hd_arena_take(&row->arena, sizeof extent, 1);
    row->items[row->count++] = extent;
}

static void row_clear(struct row *row)
{
    hd_arena_reset(&row->arena, 0);
    row->count = 0;
}

// ---------------------------------------------------------------------------- the difference

/// The next stretch at or after `at` that the allocator has mapped; empty: there is none.
static struct hd_extent next_mapped(const struct hd_space *space, uintptr_t at)
{
    const struct hd_region *region = hd_space_find(space, at);
    const struct hd_region *end = space->regions + space->count;
    for (; region != NULL && region < end; region++)
        if (hd_owner_is_allocators(region->owner) && region->prot != PROT_NONE)
            return (struct hd_extent){.start = region->start > at ? region->start : at,
                                      .end = region->end};
    return (struct hd_extent){0};
}

static uintptr_t least(uintptr_t a, uintptr_t b)
{
    return a < b ? a : b;
}

/// Adds what is mapped in [start, end) now, and was not before, to `now`.
static void add_new(const struct hd_space *space, uint64_t step, uintptr_t start, uintptr_t end,
                    struct row *now)
{
    uintptr_t at = start;
    for (struct hd_extent next; (next = next_mapped(space, at)).end != 0 && next.start < end;) {
        at = least(next.end, end);
        row_add(now, (struct hd_extent){.from = step, .start = next.start, .end = at});
    }
}

/// What of an extent is mapped still goes on, the rest of it has ended.
static void go_on(const struct hd_space *space, uint64_t step, const struct hd_extent *before,
                  struct row *now, struct row *ended)
{
    uintptr_t at = before->start;
    while (at < before->end) {
        struct hd_extent next = next_mapped(space, at);
        if (next.end == 0 || next.start > before->end) next.start = before->end;
        row_add(ended, (struct hd_extent){
                           .from = before->from, .to = step, .start = at, .end = next.start});
        at = next.start < before->end ? least(next.end, before->end) : before->end;
        row_add(now, (struct hd_extent){.from = before->from, .start = next.start, .end = at});
    }
}

static void step_over(const struct hd_space *space, uint64_t step, const struct row *before,
                      struct row *now, struct row *ended)
{
    uintptr_t at = 0;
    row_clear(now);
    for (size_t i = 0; i < before->count; i++) {
        const struct hd_extent *extent = &before->items[i];
        add_new(space, step, at, extent->start, now);
        go_on(space, step, extent, now, ended);
        at = extent->end;
    }
    add_new(space, step, at, UINTPTR_MAX, now);
}

// ---------------------------------------------------------------------------- a run

void hd_extents_open(struct hd_extents *extents, const struct hd_result *result)
{
    const uint64_t reached = hd_result_reached(result);
    struct hd_space space;
    struct row rows[2]; // what is mapped, before an operation and after it
    struct row ended;
    unsigned now = 0;
    hd_space_open(&space);
    row_open(&rows[0]);
    row_open(&rows[1]);
    row_open(&ended);
    for (size_t i = 0; i < result->call_count && result->calls[i].step <= reached; i++) {
        const uint64_t step = result->calls[i].step;
        struct hd_effect effect;
        hd_space_apply(&space, &result->calls[i].call, &effect);
        if (i + 1 < result->call_count && result->calls[i + 1].step == step) continue;
        step_over(&space, step, &rows[now], &rows[1 - now], &ended);
        now = 1 - now;
    }
    for (size_t i = 0; i < rows[now].count; i++) {
        rows[now].items[i].to = reached + 1;
        row_add(&ended, rows[now].items[i]);
    }
    hd_arena_close(&rows[0].arena);
    hd_arena_close(&rows[1].arena);
    hd_space_close(&space);
    *extents =
        (struct hd_extents){.items = ended.items, .count = ended.count, .arena = ended.arena};
}

void hd_extents_close(struct hd_extents *extents)
{
    hd_arena_close(&extents->arena);
}
