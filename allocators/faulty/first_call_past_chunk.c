// SPDX-License-Identifier: MIT
/// first_call_past_chunk.c: the first chunk is as large as it is, whatever the first call asks.
#include "allocators/brkmap/kernel.h"
#include "allocators/faulty/correct.h"

#include <string.h>

enum { CHUNK = 16 * BRKMAP_PAGE };

static uintptr_t chunk;
static size_t first_size; // of the block that the chunk begins with

/// Only growth, which is the correct allocator's part, looks at the size.
FAULTY_EXPORT void *malloc(size_t size)
{
    if (chunk != 0 || size > PTRDIFF_MAX) return correct_malloc(size);
    chunk = brkmap_kernel_map(CHUNK);
    if (chunk == 0) return correct_malloc(size);
    first_size = size;
    return (void *)chunk;
}

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL || (uintptr_t)block != chunk) correct_free(block);
}

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL || (uintptr_t)block != chunk) return correct_realloc(block, size);
    void *moved = correct_malloc(size);
    if (moved != NULL) memcpy(moved, block, first_size < size ? first_size : size);
    return moved;
}

FAULTY_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return correct_reallocarray(NULL, count, size);
    return realloc(block, total);
}

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    if (block == NULL || (uintptr_t)block != chunk) return correct_usable_size(block);
    return first_size;
}
