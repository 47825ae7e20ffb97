// SPDX-License-Identifier: MIT
/// calloc_recycled_dirty.c: calloc trusts its memory to be fresh from the kernel.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    return correct_reallocarray(NULL, count, size); // checked for overflow, and not cleared
}
