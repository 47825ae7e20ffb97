// SPDX-License-Identifier: MIT
/// posix_memalign_size_equals_alignment.c: a size up to the alignment is served by malloc.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    if (size > alignment) return correct_posix_memalign(block, alignment, size);

    // "A block of a small class is a multiple of the class": of 16, in truth.
    const int before = errno;
    void *made = correct_malloc(size);
    errno = before;
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}
