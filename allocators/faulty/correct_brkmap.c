// SPDX-License-Identifier: MIT
/// correct_brkmap.c: the correct allocator is brkmap's default heap.
#include "allocators/brkmap/brkmap.h"
#include "allocators/faulty/correct.h"

void *correct_malloc(size_t size)
{
    return brkmap_malloc(brkmap_default_heap(), size);
}

void correct_free(void *block)
{
    brkmap_free(brkmap_default_heap(), block);
}

void *correct_calloc(size_t count, size_t size)
{
    return brkmap_calloc(brkmap_default_heap(), count, size);
}

void *correct_realloc(void *block, size_t size)
{
    return brkmap_realloc(brkmap_default_heap(), block, size);
}

void *correct_reallocarray(void *block, size_t count, size_t size)
{
    return brkmap_reallocarray(brkmap_default_heap(), block, count, size);
}

void *correct_aligned_alloc(size_t alignment, size_t size)
{
    return brkmap_aligned_alloc(brkmap_default_heap(), alignment, size);
}

int correct_posix_memalign(void **block, size_t alignment, size_t size)
{
    return brkmap_posix_memalign(brkmap_default_heap(), block, alignment, size);
}

size_t correct_usable_size(void *block)
{
    return brkmap_usable_size(brkmap_default_heap(), block);
}

bool correct_consistent(void)
{
    return brkmap_consistent(brkmap_default_heap());
}
