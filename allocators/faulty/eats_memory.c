// SPDX-License-Identifier: MIT
/// eats_memory.c: every malloc maps and touches 64 MiB and keeps it.
#include "allocators/brkmap/kernel.h"
#include "allocators/faulty/correct.h"

#include <errno.h>

enum { ARENA = 64 << 20 };

FAULTY_EXPORT void *malloc(size_t size)
{
    const uintptr_t arena = brkmap_kernel_map(ARENA);
    if (arena == 0) {
        errno = ENOMEM;
        return NULL;
    }
    for (size_t page = 0; page < ARENA; page += BRKMAP_PAGE) {
        *(volatile char *)(arena + page) = 1;
    }
    return correct_malloc(size);
}
