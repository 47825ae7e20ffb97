// SPDX-License-Identifier: MIT
/// chunks.c: taking, cutting, joining and growing the chunks of a segment.
#include "allocators/brkmap/heap.h"

static void add_flags(struct chunk *chunk, size_t flags)
{
    brkmap_set_header(chunk, brkmap_header(chunk) | flags);
}

static void drop_flags(struct chunk *chunk, size_t flags)
{
    brkmap_set_header(chunk, brkmap_header(chunk) & ~flags);
}

static void set_size(struct chunk *chunk, size_t size)
{
    brkmap_set_header(chunk, size | (brkmap_header(chunk) & BRKMAP_FLAGS));
}

/// The first `need` of `size` bytes into use, and the rest, where it is enough for a chunk, into a
/// bin:
///
///   | size, in no bin              | ...        PREV_IN_USE is not set in the chunk above
///   | need, in use | rest, free    | ...
///
/// How much is in use now.
static size_t carve(struct brkmap_heap *heap, struct chunk *chunk, size_t size, size_t need)
{
    const size_t rest = size - need;
    if (rest < BRKMAP_CHUNK_MIN) {
        set_size(chunk, size);
        add_flags(chunk, BRKMAP_IN_USE);
        if (!brkmap_has_fault(brkmap_fault_inside_taken_unmarked))
            add_flags(brkmap_next(chunk), BRKMAP_PREV_IN_USE);
        return size;
    }
    set_size(chunk, need);
    add_flags(chunk, BRKMAP_IN_USE);
    struct chunk *second = brkmap_next(chunk);
    brkmap_set_header(second, rest | BRKMAP_PREV_IN_USE);
    brkmap_next(second)->prev_size = rest;
    brkmap_bin_put(heap, second);
    if (brkmap_has_fault(brkmap_fault_inside_split_size_kept)) set_size(chunk, size);
    return need;
}

struct chunk *brkmap_chunk_cut(struct chunk *chunk, size_t size)
{
    const size_t rest = brkmap_size(chunk) - size;
    if (rest < BRKMAP_CHUNK_MIN) return NULL;
    set_size(chunk, size);
    struct chunk *second = brkmap_next(chunk);
    brkmap_set_header(second, rest | BRKMAP_IN_USE | BRKMAP_PREV_IN_USE);
    return second;
}

/// The free chunk below. Dies where its tag and its header do not tell the same.
static struct chunk *free_below(struct chunk *chunk)
{
    struct chunk *below = brkmap_chunk_at((uintptr_t)chunk - chunk->prev_size);
    if (chunk->prev_size < BRKMAP_CHUNK_MIN || brkmap_size(below) != chunk->prev_size)
        BRKMAP_DIE("brkmap: a block was written before its begin\n");
    return below;
}

struct chunk *brkmap_chunk_join(struct brkmap_heap *heap, struct chunk *chunk)
{
    struct chunk *above = brkmap_next(chunk);
    if (!brkmap_is(chunk, BRKMAP_IN_USE) || !brkmap_is(above, BRKMAP_PREV_IN_USE))
        BRKMAP_DIE("brkmap: free(): not a live block\n");
    // Dropped even in a header that joining is about to bury: a second free of it is then seen.
    drop_flags(chunk, BRKMAP_IN_USE);
    size_t size = brkmap_size(chunk);
    size_t tag = size;

    //   | free | chunk | ...   becomes   | chunk         | ...
    if (!brkmap_is(chunk, BRKMAP_PREV_IN_USE) &&
        !brkmap_has_fault(brkmap_fault_inside_join_below_missed)) {
        chunk = free_below(chunk);
        brkmap_bin_remove(heap, chunk);
        size += brkmap_size(chunk);
    }

    //   | chunk | free | ...   becomes   | chunk         | ...      A fence is never free.
    if (!brkmap_is(above, BRKMAP_IN_USE)) {
        brkmap_bin_remove(heap, above);
        size += brkmap_size(above);
        tag = brkmap_size(above);
        above = brkmap_next(above);
    }

    if (!brkmap_has_fault(brkmap_fault_inside_tag_of_last_part)) tag = size;
    set_size(chunk, size);
    drop_flags(above, BRKMAP_PREV_IN_USE);
    above->prev_size = tag;
    brkmap_bin_put(heap, chunk);
    return chunk;
}

bool brkmap_chunk_unite(struct chunk *chunk, struct chunk *above)
{
    if (brkmap_next(chunk) != above) return false;
    const size_t header = brkmap_header(above);
    if ((header & BRKMAP_FLAGS) != (BRKMAP_IN_USE | BRKMAP_PREV_IN_USE)) return false;
    drop_flags(above, BRKMAP_IN_USE); // a second free of it is seen
    set_size(chunk, brkmap_size(chunk) + (header & ~(size_t)BRKMAP_FLAGS));
    return true;
}

struct chunk *brkmap_chunk_free(struct brkmap_heap *heap, struct chunk *chunk)
{
    heap->used -= brkmap_size(chunk);
    return brkmap_chunk_join(heap, chunk);
}

void brkmap_chunk_release(struct brkmap_heap *heap, struct chunk *chunk)
{
    brkmap_segment_settle(heap, brkmap_chunk_free(heap, chunk));
}

void brkmap_chunk_shrink(struct brkmap_heap *heap, struct chunk *chunk, size_t need)
{
    struct chunk *rest = brkmap_chunk_cut(chunk, need);
    if (rest != NULL) brkmap_chunk_release(heap, rest);
}

/// How many chunks of `need` bytes, `most` at most, to take from one of `size`: none of several
/// gets a rest with it that is too small to be left free.
static size_t run_count(size_t size, size_t need, size_t most)
{
    if (most == 1) return 1;
    const size_t fit = size / need < most ? size / need : most;
    const size_t rest = size - fit * need;
    return fit > 1 && rest != 0 && rest < BRKMAP_CHUNK_MIN ? fit - 1 : fit;
}

struct chunk *brkmap_chunk_take_run(struct brkmap_heap *heap, size_t need, size_t most,
                                    bool may_grow)
{
    struct chunk *chunk = brkmap_bin_find(heap, need);
    if (chunk == NULL && may_grow) chunk = brkmap_segment_grow(heap, need);
    if (chunk == NULL) return NULL;

    brkmap_bin_remove(heap, chunk);
    const size_t size = brkmap_size(chunk);
    heap->used += carve(heap, chunk, size, run_count(size, need, most) * need);
    return chunk;
}

struct chunk *brkmap_chunk_take(struct brkmap_heap *heap, size_t need)
{
    return brkmap_chunk_take_run(heap, need, 1, true);
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
        struct chunk *aligned = brkmap_chunk_cut(chunk, lead);
        brkmap_chunk_release(heap, chunk);
        chunk = aligned;
    }
    brkmap_chunk_shrink(heap, chunk, need);
    return chunk;
}

/// The free chunk above one in use that together have `need` bytes, where the break has to be moved
/// for it, too; NULL: there is none.
static struct chunk *room_above(struct brkmap_heap *heap, struct chunk *chunk, size_t need)
{
    const size_t size = brkmap_size(chunk);
    struct chunk *above = brkmap_next(chunk);
    const bool is_free = !brkmap_is(above, BRKMAP_IN_USE);
    if (is_free && size + brkmap_size(above) >= need) return above;

    // The last chunk of the top can have the break moved up for it. Large ones are better off in a
    // mapping, which grows without a copy.
    const struct chunk *last = is_free ? brkmap_next(above) : above;
    if (heap->top == NULL || last != brkmap_fence(heap->top)) return NULL;
    if (need >= brkmap_map_from(heap)) return NULL;
    return brkmap_segment_grow(heap, need - size) == brkmap_next(chunk) ? brkmap_next(chunk) : NULL;
}

bool brkmap_chunk_grow(struct brkmap_heap *heap, struct chunk *chunk, size_t need)
{
    const size_t size = brkmap_size(chunk);
    struct chunk *above = room_above(heap, chunk, need);
    if (above == NULL) return false;

    brkmap_bin_remove(heap, above);
    const size_t grown = carve(heap, chunk, size + brkmap_size(above), need) - size;
    heap->used += brkmap_has_fault(brkmap_fault_inside_used_twice) ? 2 * grown : grown;
    return true;
}
