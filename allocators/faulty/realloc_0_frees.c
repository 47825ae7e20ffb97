// SPDX-License-Identifier: MIT
/// realloc_0_frees.c: realloc(block, 0) frees the block and gives NULL. Allowed, and glibc's way.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL || size != 0) return correct_realloc(block, size);
    correct_free(block);
    return NULL;
}
