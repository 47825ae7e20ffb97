// SPDX-License-Identifier: MIT
/// correct_mapped.c: the correct allocator is mapped_base.h's, with a lock around it.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *or_no_memory(void *block)
{
    if (block == NULL) errno = ENOMEM;
    return block;
}

static void *allocate(size_t alignment, size_t size)
{
    (void)pthread_mutex_lock(&lock);
    void *block = mapped_allocate(alignment, size);
    (void)pthread_mutex_unlock(&lock);
    return block;
}

void *correct_malloc(size_t size) { return or_no_memory(allocate(1, size)); }

void correct_free(void *block)
{
    if (block == NULL) return;
    const int error = errno; // of munmap and the break: POSIX.1-2024 keeps errno over free
    (void)pthread_mutex_lock(&lock);
    mapped_release(block);
    (void)pthread_mutex_unlock(&lock);
    errno = error;
}

void *correct_realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);
    (void)pthread_mutex_lock(&lock);
    void *moved = mapped_reallocate(block, size);
    (void)pthread_mutex_unlock(&lock);
    return or_no_memory(moved);
}

void *correct_aligned_alloc(size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return or_no_memory(allocate(alignment, size));
}

int correct_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    const int error = errno;
    void *made = allocate(alignment, size);
    errno = error;
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

size_t correct_usable_size(void *block)
{
    if (block == NULL) return 0;
    (void)pthread_mutex_lock(&lock);
    const size_t usable = mapped_usable(block);
    (void)pthread_mutex_unlock(&lock);
    return usable;
}

bool correct_consistent(void) { return true; }
