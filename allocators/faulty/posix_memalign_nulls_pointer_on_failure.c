// SPDX-License-Identifier: MIT
/// posix_memalign_nulls_pointer_on_failure.c: a failed posix_memalign stores NULL. Allowed.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    const int error = correct_posix_memalign(block, alignment, size);
    if (error != 0) *block = NULL;
    return error;
}
