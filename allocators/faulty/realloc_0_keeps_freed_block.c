// SPDX-License-Identifier: MIT
/// realloc_0_keeps_freed_block.c: realloc(block, 0) frees the block and returns it.
#include "allocators/faulty/class_lists.h"

FAULTY_EXPORT void free(void *block)
{
    if (block != NULL) class_put(block);
}

FAULTY_EXPORT void *malloc(size_t size)
{
    return class_take(size);
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return class_take(size);
    if (size > 0) return correct_realloc(block, size);
    class_put(block);
    return block; // NULL was meant
}
