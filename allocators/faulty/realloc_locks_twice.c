// SPDX-License-Identifier: MIT
/// realloc_locks_twice.c: realloc holds the lock while it calls malloc, which takes it.
#include "allocators/faulty/correct.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

FAULTY_EXPORT void *malloc(size_t size)
{
    (void)pthread_mutex_lock(&lock);
    void *block = correct_malloc(size);
    (void)pthread_mutex_unlock(&lock);
    return block;
}

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
