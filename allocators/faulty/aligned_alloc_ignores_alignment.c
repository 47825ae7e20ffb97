// SPDX-License-Identifier: MIT
/// aligned_alloc_ignores_alignment.c: aligned_alloc checks its alignment and then calls malloc.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return correct_malloc(size);
}
