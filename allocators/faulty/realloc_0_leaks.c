// SPDX-License-Identifier: MIT
/// realloc_0_leaks.c: realloc(block, 0) gives NULL, and the block is nobody's from then on.
#include "allocators/brkmap/brkmap.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block != NULL && size == 0) return NULL; // and free(block) was meant
    return correct_realloc(block, size);
}

FAULTY_EXPORT int malloc_trim(size_t keep)
{
    return brkmap_trim(brkmap_default_heap(), keep);
}
