// SPDX-License-Identifier: MIT
/// forward.c: every name a malloc library exports, weak, and correct. A faulty allocator defines
/// the one that it breaks, and the linker prefers that.
#include "allocators/brkmap/kernel.h"
#include "allocators/faulty/correct.h"

#define WEAK FAULTY_EXPORT __attribute__((weak))

WEAK void *malloc(size_t size)
{
    return correct_malloc(size);
}

WEAK void free(void *block)
{
    correct_free(block);
}

WEAK void *calloc(size_t count, size_t size)
{
    return correct_calloc(count, size);
}

WEAK void *realloc(void *block, size_t size)
{
    return correct_realloc(block, size);
}

WEAK void *reallocarray(void *block, size_t count, size_t size)
{
    return correct_reallocarray(block, count, size);
}

WEAK void *aligned_alloc(size_t alignment, size_t size)
{
    return correct_aligned_alloc(alignment, size);
}

WEAK int posix_memalign(void **block, size_t alignment, size_t size)
{
    return correct_posix_memalign(block, alignment, size);
}

WEAK void *memalign(size_t alignment, size_t size)
{
    return correct_aligned_alloc(alignment, size);
}

WEAK void *valloc(size_t size)
{
    return correct_aligned_alloc(BRKMAP_PAGE, size);
}

WEAK size_t malloc_usable_size(void *block)
{
    return correct_usable_size(block);
}

WEAK bool heapduel_consistent(void)
{
    return correct_consistent();
}
