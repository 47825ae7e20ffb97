// SPDX-License-Identifier: MIT
/// consistent_broken_boundary_tag.c: a shrinking realloc forgets its rest's boundary tag.
#include "allocators/brkmap/heap.h"
#include "allocators/faulty/correct.h"

/// Cuts a free chunk off `chunk`'s end. A chunk in use needs no tag; a free one does.
static void cut(struct brkmap_heap *heap, struct chunk *chunk, size_t need)
{
    struct chunk *above = brkmap_next(chunk);
    const size_t rest = brkmap_size(chunk) - need;
    brkmap_set_header(chunk, brkmap_header(chunk) - rest);
    brkmap_set_header(brkmap_next(chunk), rest | BRKMAP_PREV_IN_USE);
    brkmap_bin_put(heap, brkmap_next(chunk));
    brkmap_set_header(above, brkmap_header(above) & ~(size_t)BRKMAP_PREV_IN_USE);
    heap->used -= rest;
    // above->prev_size = rest; is what is missing.
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL || size > correct_usable_size(block)) return correct_realloc(block, size);

    struct chunk *chunk = brkmap_chunk_of(block);
    const size_t need = brkmap_chunk_size(size);
    if (brkmap_is(chunk, BRKMAP_MAPPED) || !brkmap_is(brkmap_next(chunk), BRKMAP_IN_USE) ||
        brkmap_size(chunk) - need < BRKMAP_CHUNK_MIN)
        return correct_realloc(block, size);
    cut(brkmap_default_heap(), chunk, need);
    return block;
}
