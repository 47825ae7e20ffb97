// SPDX-License-Identifier: MIT
/// refusal_remembered.c: after one refusal the kernel is not asked again, ever.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

#include <errno.h>

static bool exhausted; // set below, and never taken back

uintptr_t mapped_get_chunk(bool *of_break)
{
    *of_break = false;
    const uintptr_t chunk = mapped_get(MAPPED_CHUNK);
    exhausted |= chunk == 0;
    return chunk;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    if (!exhausted) return correct_malloc(size);
    errno = ENOMEM;
    return NULL;
}
