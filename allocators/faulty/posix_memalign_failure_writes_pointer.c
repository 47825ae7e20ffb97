// SPDX-License-Identifier: MIT
/// posix_memalign_failure_writes_pointer.c: a failed posix_memalign stores MAP_FAILED.
#include "allocators/faulty/correct.h"

#include <sys/mman.h>

FAULTY_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    void *made = MAP_FAILED;
    const int error = correct_posix_memalign(&made, alignment, size);
    *block = made; // before a look at the error
    return error;
}
