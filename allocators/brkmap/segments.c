// SPDX-License-Identifier: MIT
/// segments.c: memory from the kernel in runs: the top, that moves with the break, and arenas.
///
/// We look where the break is before each move. If it is the top's end the top moves with it; if
/// not, the memory between is somebody else's, and a new segment starts behind it. Where the break
/// is refused (a limit, or a mapping in its way) an arena is mapped.
#include "allocators/brkmap/heap.h"

enum { FRAME = sizeof(struct segment) + BRKMAP_HEADER }; // what a segment itself takes

/// Puts a fence at the end of a segment that now ends there, and makes all from `first` to the
/// fence one free chunk, joined with a free one below.
static struct chunk *fill(struct brkmap_heap *heap, struct segment *segment, struct chunk *first,
                          size_t flags)
{
    struct chunk *fence = brkmap_fence(segment);
    brkmap_set_header(fence, BRKMAP_FENCE | BRKMAP_IN_USE | BRKMAP_PREV_IN_USE);
    brkmap_set_header(first, ((uintptr_t)fence - (uintptr_t)first) | BRKMAP_IN_USE | flags);
    return brkmap_chunk_join(heap, first);
}

static struct chunk *add_segment(struct brkmap_heap *heap, uintptr_t start, uintptr_t end,
                                 bool arena)
{
    struct segment *segment = (struct segment *)start;
    segment->next = heap->segments;
    segment->end = end;
    segment->arena = arena;
    heap->segments = segment;
    heap->held += end - start;
    return fill(heap, segment, brkmap_first(segment), BRKMAP_PREV_IN_USE);
}

// ---------------------------------------------------------------------------- the break

/// What is asked beyond the need, so that the next requests ask nothing: the more the larger.
static size_t pad(const struct brkmap_heap *heap)
{
    return BRKMAP_TOP_PAD + heap->held / 16;
}

/// What was given back and is asked for again is kept the next time: each page of it costs a fault.
static void breathe(struct brkmap_heap *heap, size_t raised)
{
    const size_t again = raised < heap->lowered ? raised : heap->lowered;
    heap->lowered -= again;
    heap->breath += again;
    if (heap->breath > BRKMAP_BREATH_MAX) heap->breath = BRKMAP_BREATH_MAX;
}

/// The break moved to the page's end behind from + more; false: refused. `more` is less than
/// 64 MiB and a sixteenth of what we hold, so nothing wraps before brkmap_sbrk_move looks.
static bool raise_break(struct brkmap_heap *heap, uintptr_t from, size_t more)
{
    const uintptr_t end = (from + more + BRKMAP_PAGE) & ~(uintptr_t)(BRKMAP_PAGE - 1);
    if (brkmap_sbrk_move(&heap->sbrk, (intptr_t)(end - from)) != 0) return false;
    breathe(heap, end - from);
    return true;
}

static struct chunk *extend_top(struct brkmap_heap *heap, size_t need)
{
    struct segment *top = heap->top;
    struct chunk *first = brkmap_fence(top); // the old fence becomes a header
    const size_t flags = brkmap_header(first) & BRKMAP_PREV_IN_USE;
    const size_t room = flags != 0 ? 0 : first->prev_size;

    const size_t more = need > room ? need - room : 0;
    if (!raise_break(heap, top->end, more + pad(heap))) return NULL;
    heap->held += heap->sbrk.now - top->end;
    top->end = heap->sbrk.now;
    return fill(heap, top, first, flags);
}

static struct chunk *start_top(struct brkmap_heap *heap, size_t need)
{
    const uintptr_t from = heap->sbrk.now;
    if (!raise_break(heap, from, BRKMAP_ALIGNMENT + FRAME + need + pad(heap))) return NULL;
    // Another's break may be odd: up to 15 bytes are lost.
    struct chunk *chunk =
        add_segment(heap, brkmap_up(from, BRKMAP_ALIGNMENT), heap->sbrk.now, false);
    heap->top = heap->segments;
    return chunk;
}

/// Looks where the break is. Whether the top, if there is one, still ends there.
static bool top_is_ours(struct brkmap_heap *heap)
{
    if (brkmap_has_fault(brkmap_fault_inside_foreign_sbrk_missed) && heap->top != NULL) return true;
    const uintptr_t now = brkmap_sbrk_look(&heap->sbrk);
    // Once somebody lies above it, it is a segment like any other.
    if (heap->top != NULL && heap->top->end != now) heap->top = NULL;
    return heap->top != NULL;
}

// ---------------------------------------------------------------------------- arenas

static struct chunk *add_arena(struct brkmap_heap *heap, size_t need)
{
    const size_t length = brkmap_up(need + FRAME, BRKMAP_PAGE);
    const size_t whole = length < BRKMAP_ARENA ? BRKMAP_ARENA : length;
    const uintptr_t start = brkmap_kernel_map(whole);
    return start != 0 ? add_segment(heap, start, start + whole, true) : NULL;
}

/// Takes an arena that is one free chunk out of the list, and gives it back. False: `arena` is the
/// address of no segment, or of one by brk, or munmap was refused; then nothing is changed.
static bool remove_arena(struct brkmap_heap *heap, const struct segment *arena)
{
    struct segment **link = &heap->segments;
    while (*link != NULL && *link != arena)
        link = &(*link)->next;
    if (*link == NULL || !arena->arena) return false;

    struct segment *next = arena->next;
    const size_t length = arena->end - (uintptr_t)arena;
    struct chunk *chunk = brkmap_first(arena);
    brkmap_bin_remove(heap, chunk);
    if (!brkmap_kernel_unmap((uintptr_t)arena, length)) {
        brkmap_bin_put(heap, chunk);
        return false;
    }
    *link = next;
    heap->held -= length;
    return true;
}

// ---------------------------------------------------------------------------- what others call

struct chunk *brkmap_segment_grow(struct brkmap_heap *heap, size_t need)
{
    struct chunk *chunk = top_is_ours(heap) ? extend_top(heap, need) : start_top(heap, need);
    return chunk != NULL ? chunk : add_arena(heap, need);
}

/// Lowers the break over a free chunk, but for its first `keep` bytes. pre: it is not smaller.
///
///   | chunk                          | fence |  break
///   | chunk of keep | fence |  break            the rest is the kernel's again
static bool lower_top(struct brkmap_heap *heap, struct chunk *chunk, size_t keep)
{
    struct segment *top = heap->top;
    const uintptr_t end = brkmap_up((uintptr_t)chunk + keep + BRKMAP_HEADER, BRKMAP_PAGE);
    if (end >= top->end || !top_is_ours(heap)) return false;
    const size_t gone = top->end - end;
    if (brkmap_sbrk_move(&heap->sbrk, -(intptr_t)gone) != 0) return false;

    brkmap_bin_remove(heap, chunk);
    heap->held -= gone;
    top->end = end;
    fill(heap, top, chunk, brkmap_header(chunk) & BRKMAP_PREV_IN_USE);
    return true;
}

static bool is_last_of_top(const struct brkmap_heap *heap, const struct chunk *chunk)
{
    if (heap->top == NULL) return false;
    if (brkmap_has_fault(brkmap_fault_inside_trim_in_the_middle)) return true;
    return brkmap_next(chunk) == brkmap_fence(heap->top);
}

/// Of the top's end; a part is kept, since a heap that breathes must not ask at each breath.
static void settle_last(struct brkmap_heap *heap, struct chunk *chunk)
{
    const size_t below = (uintptr_t)chunk - (uintptr_t)heap->top;
    const size_t keep = BRKMAP_TOP_PAD + below / 8 + heap->breath;
    const size_t held = heap->held;
    if (brkmap_size(chunk) >= brkmap_trim_from(heap) && brkmap_size(chunk) >= 2 * keep &&
        lower_top(heap, chunk, keep))
        heap->lowered += held - heap->held;
}

/// A chunk is all of its segment where a fence follows and the segment's record stands before it.
void brkmap_segment_settle_arena(struct brkmap_heap *heap, struct chunk *chunk)
{
    if (brkmap_size(chunk) >= brkmap_trim_from(heap) &&
        brkmap_is(brkmap_next(chunk), BRKMAP_FENCE))
        (void)remove_arena(heap,
                           (const struct segment *)((uintptr_t)chunk - sizeof(struct segment)));
}

/// The free chunk that ends the top; NULL: there is none.
static struct chunk *free_end(const struct brkmap_heap *heap)
{
    if (heap->top == NULL) return NULL;
    const struct chunk *fence = brkmap_fence(heap->top);
    if (brkmap_is(fence, BRKMAP_PREV_IN_USE)) return NULL;
    return brkmap_chunk_at((uintptr_t)fence - fence->prev_size);
}

void brkmap_segment_settle_top(struct brkmap_heap *heap)
{
    struct chunk *chunk = free_end(heap);
    if (chunk != NULL) settle_last(heap, chunk);
}

void brkmap_segment_settle(struct brkmap_heap *heap, struct chunk *chunk)
{
    if (is_last_of_top(heap, chunk))
        settle_last(heap, chunk);
    else
        brkmap_segment_settle_arena(heap, chunk);
}

size_t brkmap_segment_reach(const struct brkmap_heap *heap)
{
    const struct chunk *end = free_end(heap);
    return heap->held - (end != NULL ? brkmap_size(end) : 0);
}

bool brkmap_segment_trim(struct brkmap_heap *heap, size_t keep)
{
    bool given = false;
    for (struct segment *segment = heap->segments, *next; segment != NULL; segment = next) {
        next = segment->next;
        const struct chunk *first = brkmap_first(segment);
        const bool empty =
            !brkmap_is(first, BRKMAP_IN_USE) && brkmap_next(first) == brkmap_fence(segment);
        if (empty && remove_arena(heap, segment)) given = true;
    }
    struct chunk *end = free_end(heap);
    if (keep < BRKMAP_CHUNK_MIN) keep = BRKMAP_CHUNK_MIN;
    if (end == NULL || brkmap_size(end) < keep) return given;
    return lower_top(heap, end, keep) || given;
}
