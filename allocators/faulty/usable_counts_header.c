// SPDX-License-Identifier: MIT
/// usable_counts_header.c: malloc_usable_size counts a header that is not the caller's.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

enum { HEADER = 16 };

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    return block == NULL ? 0 : correct_usable_size(block) + HEADER;
}
