// SPDX-License-Identifier: MIT
/// first_call_zero.c: whether the heap is set up is told by the bytes that were asked for, and a
/// first block of none is set up over.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

static size_t bytes; // asked for so far

size_t apart_extent(size_t size)
{
    bytes += size;
    return size == 0 ? 16 : (size + 15) & ~(size_t)15;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    if (bytes == 0) apart_start_anew();
    return correct_malloc(size);
}
