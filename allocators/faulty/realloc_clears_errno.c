// SPDX-License-Identifier: MIT
/// realloc_clears_errno.c: realloc sets errno to 0 to see whether a call inside fails.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    errno = 0; // nobody puts the old value back
    return correct_realloc(block, size);
}
