// SPDX-License-Identifier: MIT
/// lock_kept.c: the lock around the growth of the heap is kept when it fails.
#include "allocators/faulty/mapped_base.h"

#include <pthread.h>

static pthread_mutex_t growth = PTHREAD_MUTEX_INITIALIZER;

uintptr_t mapped_get_chunk(bool *of_break)
{
    (void)pthread_mutex_lock(&growth);
    *of_break = false;
    const uintptr_t chunk = mapped_get(MAPPED_CHUNK);
    if (chunk == 0) return 0; // the early return that forgot the lock
    (void)pthread_mutex_unlock(&growth);
    return chunk;
}
