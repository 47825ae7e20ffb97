// SPDX-License-Identifier: MIT
/// bad_alignment_served.c: aligned_alloc rounds any alignment up to a power of two.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    size_t rounded = 16;
    while (rounded < alignment && rounded <= SIZE_MAX / 2) {
        rounded *= 2;
    }
    return correct_aligned_alloc(rounded, size);
}
