// SPDX-License-Identifier: MIT
/// backend.c: brkmap.h in the shape of allocator.h. Linked in, so that sanitizers and coverage see
/// inside; libbrkmap.so is the same heap by the C names.
#include "allocators/brkmap/backend.h"

#include "allocators/brkmap/brkmap.h"
#include "allocators/brkmap/kernel.h"

static struct brkmap_heap *own(struct hd_heap *heap)
{
    return (struct brkmap_heap *)heap;
}

static void *allocate(struct hd_heap *heap, size_t size)
{
    return brkmap_malloc(own(heap), size);
}

static void release(struct hd_heap *heap, void *block)
{
    brkmap_free(own(heap), block);
}

static void *allocate_zeroed(struct hd_heap *heap, size_t count, size_t size)
{
    return brkmap_calloc(own(heap), count, size);
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    return brkmap_realloc(own(heap), block, size);
}

static void *resize_array(struct hd_heap *heap, void *block, size_t count, size_t size)
{
    return brkmap_reallocarray(own(heap), block, count, size);
}

static void *allocate_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    return brkmap_aligned_alloc(own(heap), alignment, size);
}

static int allocate_posix(struct hd_heap *heap, void **block, size_t alignment, size_t size)
{
    return brkmap_posix_memalign(own(heap), block, alignment, size);
}

static void *allocate_page_aligned(struct hd_heap *heap, size_t size)
{
    return brkmap_aligned_alloc(own(heap), BRKMAP_PAGE, size);
}

static size_t usable_size(struct hd_heap *heap, void *block)
{
    return brkmap_usable_size(own(heap), block);
}

static bool consistent(struct hd_heap *heap)
{
    return brkmap_consistent(own(heap));
}

static void trim(struct hd_heap *heap)
{
    (void)brkmap_trim(own(heap), 0);
}

static void reset(struct hd_heap *heap)
{
    brkmap_reset(own(heap));
}

const struct hd_allocator hd_allocator_brkmap = {
    .name = "brkmap",
    .summary = "our own: brk for small blocks, a mapping of its own for a large one",
    .policy = {.alignment_min = 16,
               .kernel = {.calls =
                              HD_CALLS(brk) | HD_CALLS(mmap) | HD_CALLS(munmap) | HD_CALLS(mremap),
                          .calls_max = 8,
                          .mapped_factor = 4,
                          .mapped_base = (size_t)1 << 20,
                          .mapped_after = (size_t)1 << 20}},
    .allocate = allocate,
    .release = release,
    .allocate_zeroed = allocate_zeroed,
    .resize = resize,
    .resize_array = resize_array,
    .allocate_aligned = allocate_aligned,
    .allocate_posix = allocate_posix,
    .allocate_memalign = allocate_aligned, // the same contract here: no rounding up
    .allocate_page_aligned = allocate_page_aligned,
    .usable_size = usable_size,
    .trim = trim,
    .consistent = consistent,
    .reset = reset,
};

struct hd_subject hd_brkmap_subject(void)
{
    return (struct hd_subject){.allocator = hd_allocator_brkmap,
                               .heap = (struct hd_heap *)brkmap_default_heap(),
                               .lend_kernel = brkmap_kernel_lend};
}
