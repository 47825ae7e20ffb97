// SPDX-License-Identifier: MIT
/// realloc_copies_too_few.c: a moving realloc takes the header off a second time.
#include "allocators/faulty/correct.h"

#include <string.h>

enum { HEADER = 16 };

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);

    void *moved = correct_malloc(size);
    if (moved == NULL) return NULL;
    const size_t kept = correct_usable_size(block) - HEADER; // a usable size has none in it
    memcpy(moved, block, kept < size ? kept : size);
    correct_free(block);
    return moved;
}
