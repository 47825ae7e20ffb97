// SPDX-License-Identifier: MIT
/// realloc_puts_errno_back.c: realloc sets errno to 0 meanwhile, and puts it back. Allowed.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    const int before = errno;
    errno = 0;
    void *moved = correct_realloc(block, size);
    if (errno == 0) errno = before;
    return moved;
}
