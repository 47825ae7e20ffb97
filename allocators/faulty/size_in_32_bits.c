// SPDX-License-Identifier: MIT
/// size_in_32_bits.c: a size above 4 GiB loses its upper half.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *malloc(size_t size)
{
    if (size > PTRDIFF_MAX) return correct_malloc(size);
    const unsigned bytes = (unsigned)size;
    return correct_malloc(bytes);
}
