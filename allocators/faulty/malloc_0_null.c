// SPDX-License-Identifier: MIT
/// malloc_0_null.c: malloc(0) and calloc of nothing give NULL. Allowed.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *malloc(size_t size)
{
    return size == 0 ? NULL : correct_malloc(size);
}

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    return count == 0 || size == 0 ? NULL : correct_calloc(count, size);
}
