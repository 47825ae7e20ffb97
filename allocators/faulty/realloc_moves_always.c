// SPDX-License-Identifier: MIT
/// realloc_moves_always.c: realloc never stays in place. Allowed.
#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);

    void *moved = correct_malloc(size);
    if (moved == NULL) return NULL;
    const size_t kept = correct_usable_size(block);
    memcpy(moved, block, kept < size ? kept : size);
    correct_free(block);
    return moved;
}
