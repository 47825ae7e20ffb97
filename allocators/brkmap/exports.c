// SPDX-License-Identifier: MIT
/// exports.c: libbrkmap.so: the C library's names over the default heap, one thread at a time.
///
/// Built with -fno-builtin: a compiler that knows malloc may turn this file into calls of itself.
#include "allocators/brkmap/brkmap.h"
#include "allocators/brkmap/kernel.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/single_threaded.h>

#define EXPORT __attribute__((visibility("default")))

static atomic_flag busy = ATOMIC_FLAG_INIT;

/// The default heap, ours alone until unlock. A spin lock: nothing that we could sleep in may be
/// called before malloc works. A process of one thread is spared the locked instruction, which
/// costs as much as a small malloc; it cannot get a second thread while it is in here.
static struct brkmap_heap *lock(void)
{
    while (!__libc_single_threaded &&
           atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        sched_yield();
    }
    return brkmap_default_heap();
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

EXPORT void *malloc(size_t size)
{
    void *block = brkmap_malloc(lock(), size);
    unlock();
    return block;
}

EXPORT void free(void *block)
{
    brkmap_free(lock(), block);
    unlock();
}

EXPORT void *calloc(size_t count, size_t size)
{
    void *block = brkmap_calloc(lock(), count, size);
    unlock();
    return block;
}

EXPORT void *realloc(void *block, size_t size)
{
    void *resized = brkmap_realloc(lock(), block, size);
    unlock();
    return resized;
}

EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    void *resized = brkmap_reallocarray(lock(), block, count, size);
    unlock();
    return resized;
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    void *block = brkmap_aligned_alloc(lock(), alignment, size);
    unlock();
    return block;
}

EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    const int error = brkmap_posix_memalign(lock(), block, alignment, size);
    unlock();
    return error;
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
    const size_t size = brkmap_usable_size(lock(), block);
    unlock();
    return size;
}
