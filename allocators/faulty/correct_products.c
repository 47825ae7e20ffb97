// SPDX-License-Identifier: MIT
/// correct_products.c: calloc and reallocarray over the malloc and realloc of any of the small
/// heaps.
#include "allocators/faulty/correct.h"

#include <errno.h>
#include <string.h>

/// False, and errno is set: the product overflows.
static bool multiply(size_t count, size_t size, size_t *total)
{
    if (!__builtin_mul_overflow(count, size, total)) return true;
    errno = ENOMEM;
    return false;
}

void *correct_calloc(size_t count, size_t size)
{
    size_t total;
    void *block = multiply(count, size, &total) ? correct_malloc(total) : NULL;
    if (block != NULL) memset(block, 0, total);
    return block;
}

void *correct_reallocarray(void *block, size_t count, size_t size)
{
    size_t total;
    return multiply(count, size, &total) ? correct_realloc(block, total) : NULL;
}
