// SPDX-License-Identifier: MIT
/// posix_memalign_returns_minus_one.c: posix_memalign returns -1 and sets errno.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    const int error = correct_posix_memalign(block, alignment, size);
    if (error == 0) return 0;
    errno = error;
    return -1;
}
