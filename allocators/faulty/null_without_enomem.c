// SPDX-License-Identifier: MIT
/// null_without_enomem.c: malloc gives NULL and leaves errno as it was.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *malloc(size_t size)
{
    const int before = errno;
    void *block = correct_malloc(size);
    errno = before;
    return block;
}
