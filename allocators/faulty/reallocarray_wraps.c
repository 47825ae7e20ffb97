// SPDX-License-Identifier: MIT
/// reallocarray_wraps.c: reallocarray is realloc of the product.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    return correct_realloc(block, count * size);
}
