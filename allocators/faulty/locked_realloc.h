// SPDX-License-Identifier: MIT
/// locked_realloc.h: malloc and realloc with a lock around each, for one file of a library, which
/// says before it what kind of lock: `static pthread_mutex_t lock`.
#ifndef FAULTY_LOCKED_REALLOC_H
#define FAULTY_LOCKED_REALLOC_H

#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void *malloc(size_t size)
{
    (void)pthread_mutex_lock(&lock);
    void *block = correct_malloc(size);
    (void)pthread_mutex_unlock(&lock);
    return block;
}

/// Holds the lock while it calls malloc, which takes it.
FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return malloc(size);
    (void)pthread_mutex_lock(&lock);
    const size_t usable = correct_usable_size(block);
    void *moved = size <= usable ? block : malloc(size);
    if (moved != NULL && moved != block) {
        memcpy(moved, block, usable);
        correct_free(block);
    }
    (void)pthread_mutex_unlock(&lock);
    return moved;
}

#endif
