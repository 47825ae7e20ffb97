// SPDX-License-Identifier: MIT
/// page_rounding_wraps.c: a large size is rounded up to pages, past SIZE_MAX and to nothing.
#include "allocators/brkmap/kernel.h"
#include "allocators/faulty/correct.h"

enum { LARGE = 128 << 10 };

FAULTY_EXPORT void *malloc(size_t size)
{
    if (size < LARGE) return correct_malloc(size);
    return correct_malloc((size + BRKMAP_PAGE - 1) & ~(size_t)(BRKMAP_PAGE - 1));
}
