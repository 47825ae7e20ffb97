// SPDX-License-Identifier: MIT
/// segments.c: memory by brk: growing the heap, and giving its top back.
///
/// The break is the process's, not ours: glibc's malloc and sbrk move it too. So we ask where it is
/// before each move. If it is our newest segment's end the segment is the top, and moves with it;
/// if not, the memory between is somebody else's and a new segment starts behind it.
#include "allocators/brkmap/heap.h"

/// sbrk with its traps closed: false, and nothing moved, where from + delta would wrap, in either
/// direction. pre: `from` is where the break is.
static bool move_break(uintptr_t from, intptr_t delta)
{
    const uintptr_t to = from + (uintptr_t)delta;
    if (delta >= 0 ? to < from : to > from) return false;
    return brkmap_kernel_brk(to) == to;
}

/// Puts a fence at the end of a segment that now ends there, and makes all from `first` to the
/// fence one free chunk, joined with a free one below.
static struct chunk *fill(struct brkmap_heap *heap, struct segment *segment, struct chunk *first,
                          size_t flags)
{
    struct chunk *fence = brkmap_fence(segment);
    fence->size_flags = BRKMAP_FENCE | BRKMAP_IN_USE;
    first->size_flags = ((uintptr_t)fence - (uintptr_t)first) | BRKMAP_IN_USE | flags;
    return brkmap_chunk_release(heap, first);
}

static struct chunk *extend_top(struct brkmap_heap *heap, size_t need)
{
    struct segment *top = heap->top;
    struct chunk *first = brkmap_fence(top); // the old fence becomes a header
    const size_t flags = first->size_flags & BRKMAP_PREV_IN_USE;
    const size_t room = flags != 0 ? 0 : first->prev_size;

    const size_t more = need > room ? need - room : 0;
    uintptr_t end;
    if (__builtin_add_overflow(top->end, more + BRKMAP_TOP_PAD + BRKMAP_PAGE, &end)) return NULL;
    end &= ~(uintptr_t)(BRKMAP_PAGE - 1);
    if (!move_break(top->end, (intptr_t)(end - top->end))) return NULL;

    top->end = end;
    return fill(heap, top, first, flags);
}

static struct chunk *add_segment(struct brkmap_heap *heap, size_t need, uintptr_t from)
{
    const size_t frame = BRKMAP_ALIGNMENT + sizeof(struct segment) + BRKMAP_HEADER;
    uintptr_t end;
    if (__builtin_add_overflow(from, frame + need + BRKMAP_TOP_PAD + BRKMAP_PAGE, &end))
        return NULL;
    end &= ~(uintptr_t)(BRKMAP_PAGE - 1);
    if (!move_break(from, (intptr_t)(end - from))) return NULL;

    // Another's break may be odd: up to 15 bytes are lost.
    struct segment *segment = (struct segment *)brkmap_up(from, BRKMAP_ALIGNMENT);
    segment->next = heap->segments;
    segment->end = end;
    heap->segments = segment;
    heap->top = segment;
    return fill(heap, segment, brkmap_first(segment), BRKMAP_PREV_IN_USE);
}

struct chunk *brkmap_segment_grow(struct brkmap_heap *heap, size_t need)
{
    const uintptr_t now = brkmap_kernel_brk(0);
    if (heap->top != NULL && heap->top->end != now) heap->top = NULL;
    return heap->top != NULL ? extend_top(heap, need) : add_segment(heap, need, now);
}

void brkmap_segment_trim(struct brkmap_heap *heap, struct chunk *chunk)
{
    if (brkmap_size(chunk) < BRKMAP_TRIM_FROM) return;
    struct segment *top = heap->top;
    if (top == NULL || brkmap_next(chunk) != brkmap_fence(top)) return;

    //   | chunk                          | fence |  break
    //   | chunk of TOP_PAD | fence |  break         the rest is the kernel's again
    const uintptr_t end = brkmap_up((uintptr_t)chunk + BRKMAP_TOP_PAD + BRKMAP_HEADER, BRKMAP_PAGE);
    if (brkmap_kernel_brk(0) != top->end) {
        heap->top = NULL; // somebody lies above it now: not asked again before the heap grows
        return;
    }
    if (!move_break(top->end, -(intptr_t)(top->end - end))) return;

    brkmap_bin_remove(heap, chunk);
    top->end = end;
    fill(heap, top, chunk, chunk->size_flags & BRKMAP_PREV_IN_USE);
}
