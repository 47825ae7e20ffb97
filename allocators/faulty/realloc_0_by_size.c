// SPDX-License-Identifier: MIT
/// realloc_0_by_size.c: realloc(block, 0) frees a small block, but a large one becomes the least
/// block there is.
#include "allocators/faulty/correct.h"

#define LARGE ((size_t)65536)

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL || size != 0) return correct_realloc(block, size);
    if (correct_usable_size(block) >= LARGE) return correct_realloc(block, 1);
    correct_free(block);
    return NULL;
}
