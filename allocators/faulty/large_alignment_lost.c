// SPDX-License-Identifier: MIT
/// large_alignment_lost.c: a large block is malloc's, whatever alignment it was asked with.
#include "allocators/faulty/correct.h"

enum { LARGE = 128 << 10 };

FAULTY_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    if (correct_is_power_of_two(alignment) && size >= LARGE) return correct_malloc(size);
    return correct_aligned_alloc(alignment, size);
}
