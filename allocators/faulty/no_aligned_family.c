// SPDX-License-Identifier: MIT
/// no_aligned_family.c: malloc, calloc, realloc and free, and nothing more. Allowed.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *malloc(size_t size)
{
    return correct_malloc(size);
}

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    return correct_calloc(count, size);
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    return correct_realloc(block, size);
}

FAULTY_EXPORT void free(void *block)
{
    correct_free(block);
}
