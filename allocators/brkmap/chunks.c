// SPDX-License-Identifier: MIT
/// chunks.c: taking, cutting, joining and growing the chunks of a segment.
#include "allocators/brkmap/heap.h"

static void set_size(struct chunk *chunk, size_t size)
{
    chunk->size_flags = size | (chunk->size_flags & BRKMAP_FLAGS);
}

/// Takes a free chunk out of its bin, whole.
static void use(struct brkmap_heap *heap, struct chunk *chunk)
{
    brkmap_bin_remove(heap, chunk);
    chunk->size_flags |= BRKMAP_IN_USE;
    brkmap_next(chunk)->size_flags |= BRKMAP_PREV_IN_USE;
}

/// Cuts a chunk in use in two, both in use. The second. pre: both parts are CHUNK_MIN or more.
static struct chunk *split(struct chunk *chunk, size_t size)
{
    const size_t rest = brkmap_size(chunk) - size;
    set_size(chunk, size);
    struct chunk *second = brkmap_next(chunk);
    second->size_flags = rest | BRKMAP_IN_USE | BRKMAP_PREV_IN_USE;
    return second;
}

struct chunk *brkmap_chunk_release(struct brkmap_heap *heap, struct chunk *chunk)
{
    // Cleared even in a header that joining is about to bury: a second free of it is then seen.
    chunk->size_flags &= ~(size_t)BRKMAP_IN_USE;

    //   | free | chunk | ...   becomes   | chunk         | ...
    if (!brkmap_is(chunk, BRKMAP_PREV_IN_USE)) {
        struct chunk *below = brkmap_chunk_at((uintptr_t)chunk - chunk->prev_size);
        brkmap_bin_remove(heap, below);
        set_size(below, brkmap_size(below) + brkmap_size(chunk));
        chunk = below;
    }

    //   | chunk | free | ...   becomes   | chunk         | ...      A fence is never free.
    struct chunk *above = brkmap_next(chunk);
    if (!brkmap_is(above, BRKMAP_IN_USE)) {
        brkmap_bin_remove(heap, above);
        set_size(chunk, brkmap_size(chunk) + brkmap_size(above));
        above = brkmap_next(chunk);
    }

    above->size_flags &= ~(size_t)BRKMAP_PREV_IN_USE;
    above->prev_size = brkmap_size(chunk);
    brkmap_bin_put(heap, chunk);
    return chunk;
}

struct chunk *brkmap_chunk_cut(struct brkmap_heap *heap, struct chunk *chunk, size_t need)
{
    if (brkmap_size(chunk) - need < BRKMAP_CHUNK_MIN) return NULL;
    return brkmap_chunk_release(heap, split(chunk, need));
}

struct chunk *brkmap_chunk_take(struct brkmap_heap *heap, size_t need)
{
    struct chunk *chunk = brkmap_bin_find(heap, need);
    if (chunk == NULL) chunk = brkmap_segment_grow(heap, need);
    if (chunk == NULL) return NULL;

    use(heap, chunk);
    brkmap_chunk_cut(heap, chunk, need);
    return chunk;
}

struct chunk *brkmap_chunk_take_aligned(struct brkmap_heap *heap, size_t alignment, size_t need)
{
    struct chunk *chunk = brkmap_chunk_take(heap, need + alignment + BRKMAP_CHUNK_MIN);
    if (chunk == NULL) return NULL;

    //   | lead | header | block at a multiple of alignment | rest |
    const uintptr_t block = (uintptr_t)brkmap_block(chunk);
    size_t lead = brkmap_up(block, alignment) - block;
    if (lead != 0) {
        // A lead of 16 has no room for a free chunk's links; the next multiple has.
        if (lead < BRKMAP_CHUNK_MIN) lead += alignment;
        struct chunk *aligned = split(chunk, lead);
        brkmap_chunk_release(heap, chunk);
        chunk = aligned;
    }
    brkmap_chunk_cut(heap, chunk, need);
    return chunk;
}

bool brkmap_chunk_grow(struct brkmap_heap *heap, struct chunk *chunk, size_t need)
{
    const size_t size = brkmap_size(chunk);
    if (size >= need) return true;

    struct chunk *above = brkmap_next(chunk);
    const bool above_free = !brkmap_is(above, BRKMAP_IN_USE);
    const size_t room = above_free ? brkmap_size(above) : 0;
    if (size + room < need) {
        // The last chunk of the top can have the break moved up for it. Large ones are better off
        // in a mapping, which grows without a copy.
        struct chunk *last = above_free ? brkmap_next(above) : above;
        if (heap->top == NULL || last != brkmap_fence(heap->top)) return false;
        if (need >= BRKMAP_MAP_FROM) return false;
        struct chunk *fresh = brkmap_segment_grow(heap, need - size);
        if (fresh == NULL || fresh != brkmap_next(chunk)) return false;
        above = fresh;
    }

    use(heap, above);
    set_size(chunk, size + brkmap_size(above));
    brkmap_chunk_cut(heap, chunk, need);
    return true;
}
