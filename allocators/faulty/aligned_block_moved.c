// SPDX-License-Identifier: MIT
/// aligned_block_moved.c: realloc copies from a block's base, which is elsewhere when it is
/// aligned.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/padded.h"

#include <string.h>

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    void *moved = correct_malloc(size);
    if (moved == NULL || block == NULL) return moved;

    const size_t old = padded_header(block)->size;
    const char *base = padded_base(block);
    memcpy(moved, base + sizeof(struct padded_header), old < size ? old : size);
    correct_free(block);
    return moved;
}
