// SPDX-License-Identifier: MIT
/// calloc_overflow_without_errno.c: calloc sees the product overflow, and sets no errno.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) return NULL;
    return correct_calloc(count, size);
}
