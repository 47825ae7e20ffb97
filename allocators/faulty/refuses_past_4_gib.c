// SPDX-License-Identifier: MIT
/// refuses_past_4_gib.c: sizes are kept in 32 bits, and larger ones refused. Allowed.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *malloc(size_t size)
{
    if (size <= UINT32_MAX) return correct_malloc(size);
    errno = ENOMEM;
    return NULL;
}
