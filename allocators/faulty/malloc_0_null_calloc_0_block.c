// SPDX-License-Identifier: MIT
/// malloc_0_null_calloc_0_block.c: NULL for no bytes from malloc, a block from calloc. Allowed:
/// each function makes its own choice, and keeps to it.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *malloc(size_t size)
{
    return size == 0 ? NULL : correct_malloc(size);
}

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    return correct_calloc(count == 0 || size == 0 ? 1 : count, size == 0 ? 1 : size);
}
