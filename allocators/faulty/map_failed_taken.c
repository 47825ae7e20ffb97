// SPDX-License-Identifier: MIT
/// map_failed_taken.c: a refused mmap is looked for as NULL, and is MAP_FAILED.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

uintptr_t mapped_get_chunk(bool *of_break)
{
    *of_break = false;
    void *chunk =
        mmap(NULL, MAPPED_CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == NULL) return 0;
    return (uintptr_t)chunk;
}
