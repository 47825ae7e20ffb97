// SPDX-License-Identifier: MIT
/// calloc_clears_null.c: calloc clears what malloc gave, NULL too.
#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return correct_calloc(count, size);
    return memset(correct_malloc(total), 0, total);
}
