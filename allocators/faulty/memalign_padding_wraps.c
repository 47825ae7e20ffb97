// SPDX-License-Identifier: MIT
/// memalign_padding_wraps.c: memalign adds size and alignment without a look at the overflow.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *memalign(size_t alignment, size_t size)
{
    return correct_aligned_alloc(alignment, size + alignment);
}
