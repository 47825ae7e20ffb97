// SPDX-License-Identifier: MIT
/// malloc_header_wraps.c: malloc adds a header to a size near SIZE_MAX.
#include "allocators/faulty/correct.h"

enum { HEADER = 16 };

FAULTY_EXPORT void *malloc(size_t size)
{
    return correct_malloc(size + HEADER);
}
