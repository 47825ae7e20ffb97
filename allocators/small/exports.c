// SPDX-License-Identifier: MIT
/// exports.c: malloc, calloc, realloc and free over small.h.
///
/// Built with -fno-builtin: a compiler that knows malloc may turn this file into calls of itself.
#include "allocators/small/small.h"

#include <errno.h>
#include <string.h>

void *small_no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

SMALL_EXPORT void *malloc(size_t size)
{
    return small_allocate(1, size);
}

SMALL_EXPORT void free(void *block)
{
    if (block != NULL) small_release(block);
}

SMALL_EXPORT void *calloc(size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return small_no_memory();
    void *block = small_allocate(1, total);
    if (block != NULL) memset(block, 0, total);
    return block;
}

/// C17 7.22.3.5: where a new block is to be had the old one is freed, where not it stays whole. For
/// no bytes there may be no block and no failure either: then the old one is freed (p3).
SMALL_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return small_allocate(1, size);
    if (small_resize(block, size)) return block;
    void *moved = small_allocate(1, size);
    const size_t old = small_usable(block);
    if (moved != NULL) memcpy(moved, block, old < size ? old : size);
    if (moved != NULL || size == 0) small_release(block);
    return moved;
}

SMALL_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return small_no_memory();
    return realloc(block, total);
}

SMALL_EXPORT size_t malloc_usable_size(void *block)
{
    return block != NULL ? small_usable(block) : 0;
}
