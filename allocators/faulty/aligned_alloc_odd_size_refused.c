// SPDX-License-Identifier: MIT
/// aligned_alloc_odd_size_refused.c: a size that is no multiple is refused. Allowed: C11 asked it.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment) || size % alignment != 0) {
        errno = EINVAL;
        return NULL;
    }
    return correct_aligned_alloc(alignment, size);
}
