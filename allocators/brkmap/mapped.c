// SPDX-License-Identifier: MIT
/// mapped.c: blocks with a mapping of their own. The layout is drawn in heap.h.
#include "allocators/brkmap/heap.h"

enum { FLAGS = BRKMAP_IN_USE | BRKMAP_MAPPED };

/// A block of no bytes would stand on its mapping's end, which may be another's start.
static size_t at_least_1(size_t size)
{
    return size == 0 ? 1 : size;
}

/// a + b rounded up to pages; false: no length that the kernel could be asked for.
static bool pages_for(size_t a, size_t b, size_t *length)
{
    size_t sum;
    if (__builtin_add_overflow(a, b, &sum)) return false;
    if (sum > PTRDIFF_MAX - BRKMAP_PAGE) return false;
    *length = brkmap_up(sum, BRKMAP_PAGE);
    return true;
}

static void *describe(uintptr_t start, uintptr_t end, struct chunk *chunk)
{
    chunk->prev_size = (uintptr_t)chunk - start;
    brkmap_set_header(chunk, (end - (uintptr_t)chunk) | FLAGS);
    return brkmap_block(chunk);
}

void *brkmap_mapped_allocate(struct brkmap_heap *heap, size_t alignment, size_t size)
{
    size = at_least_1(size);
    // A mapping starts at a page, so the first multiple with room for a header before it is at
    // most `alignment` away: at the next multiple if the start itself is one.
    size_t length;
    if (!pages_for(alignment, size, &length)) return NULL;
    uintptr_t start = brkmap_kernel_map(length);
    if (start == 0) return NULL;
    uintptr_t end = start + length;

    //   start         header  block            block + size       end
    //   | whole pages | ....   | ............... | .... | whole pages |
    // Whole pages on either side are given back. Where that is refused they stay in the mapping,
    // and go with it.
    const uintptr_t block = brkmap_up(start + BRKMAP_HEADER, alignment);
    const uintptr_t low = (block - BRKMAP_HEADER) & ~(uintptr_t)(BRKMAP_PAGE - 1);
    const uintptr_t high = brkmap_up(block + size, BRKMAP_PAGE);
    if (low > start && brkmap_kernel_unmap(start, low - start)) start = low;
    if (high < end && brkmap_kernel_unmap(high, end - high)) end = high;

    heap->mapped_count++;
    heap->mapped_bytes += end - start;
    return describe(start, end, brkmap_chunk_of((void *)block));
}

void *brkmap_mapped_resize(struct brkmap_heap *heap, struct chunk *chunk, size_t size)
{
    const size_t lead = chunk->prev_size;
    const size_t length_old = lead + brkmap_size(chunk);
    const size_t header =
        brkmap_has_fault(brkmap_fault_inside_mremap_without_header) ? 0 : BRKMAP_HEADER;
    size_t length_new;
    if (!pages_for(lead + header, at_least_1(size), &length_new)) return NULL;
    if (length_new == length_old) return brkmap_block(chunk);

    const uintptr_t start = brkmap_kernel_remap((uintptr_t)chunk - lead, length_old, length_new);
    if (start == 0) return length_new < length_old ? brkmap_block(chunk) : NULL;

    heap->mapped_bytes += length_new - length_old;
    return describe(start, start + length_new, brkmap_chunk_at(start + lead));
}

/// What was freed is likely to be asked for again: from the heap then, where it costs no system
/// call and no page fault. Larger blocks than MAP_FROM_MAX would hold on to too much there.
static void raise_threshold(struct brkmap_heap *heap, size_t length)
{
    if (length > brkmap_map_from(heap) && length <= BRKMAP_MAP_FROM_MAX)
        heap->map_from_raised = length + 1;
}

void brkmap_mapped_release(struct brkmap_heap *heap, struct chunk *chunk)
{
    const size_t lead = chunk->prev_size;
    const size_t length = lead + brkmap_size(chunk);
    heap->mapped_count--;
    heap->mapped_bytes -= length;
    raise_threshold(heap, length);
    brkmap_set_header(chunk, brkmap_header(chunk) & ~(size_t)BRKMAP_IN_USE);
    // A refusal leaves nothing to be done: the pages stay, and nobody knows of them.
    (void)brkmap_kernel_unmap((uintptr_t)chunk - lead, length);
}
