// SPDX-License-Identifier: MIT
/// exports.c: libbrkmap.so and libbrkmap.a: the C library's names over the default heap. The two
/// that are called most look into the thread's cache themselves.
///
/// Built with -fno-builtin: a compiler that knows malloc may turn this file into calls of itself.
#include "allocators/brkmap/cache.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT void *malloc(size_t size)
{
    void *block = brkmap_cache_pop(brkmap_slot.cache, size);
    return block != NULL ? block : brkmap_malloc(&brkmap_heap_default, size);
}

EXPORT void free(void *block)
{
    if (block != NULL && !brkmap_cache_push(brkmap_slot.cache, block))
        brkmap_free(&brkmap_heap_default, block);
}

// C23; this C library's headers do not have them yet.
EXPORT void free_sized(void *block, size_t size);
EXPORT void free_aligned_sized(void *block, size_t alignment, size_t size);

EXPORT void free_sized(void *block, size_t size)
{
    brkmap_free_sized(&brkmap_heap_default, block, size);
}

EXPORT void free_aligned_sized(void *block, size_t alignment, size_t size)
{
    brkmap_free_aligned_sized(&brkmap_heap_default, block, alignment, size);
}

EXPORT void *calloc(size_t count, size_t size)
{
    return brkmap_calloc(&brkmap_heap_default, count, size);
}

EXPORT void *realloc(void *block, size_t size)
{
    return brkmap_realloc(&brkmap_heap_default, block, size);
}

EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    return brkmap_reallocarray(&brkmap_heap_default, block, count, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    return brkmap_aligned_alloc(&brkmap_heap_default, alignment, size);
}

EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    return brkmap_posix_memalign(&brkmap_heap_default, block, alignment, size);
}

EXPORT void *memalign(size_t alignment, size_t size)
{
    return aligned_alloc(alignment, size);
}

EXPORT void *valloc(size_t size)
{
    return aligned_alloc(BRKMAP_PAGE, size);
}

/// valloc with the size made whole pages.
EXPORT void *pvalloc(size_t size)
{
    size_t pages;
    if (__builtin_add_overflow(size, BRKMAP_PAGE - 1, &pages)) {
        errno = ENOMEM;
        return NULL;
    }
    return aligned_alloc(BRKMAP_PAGE, pages & ~(size_t)(BRKMAP_PAGE - 1));
}

EXPORT size_t malloc_usable_size(void *block)
{
    return brkmap_usable_size(&brkmap_heap_default, block);
}

EXPORT int malloc_trim(size_t keep)
{
    return brkmap_trim(&brkmap_heap_default, keep);
}
