// SPDX-License-Identifier: MIT
/// correct_apart.c: the correct allocator is apart.h's.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

#include <errno.h>
#include <string.h>

static void *or_no_memory(void *block)
{
    if (block == NULL) errno = ENOMEM;
    return block;
}

void *correct_malloc(size_t size)
{
    return or_no_memory(apart_allocate(1, size));
}

void correct_free(void *block)
{
    if (block != NULL) apart_release(apart_find(block));
}

void *correct_realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);
    struct apart_block *old = apart_find(block);
    if (size <= old->extent && old->start % apart_alignment(size) == 0) {
        old->size = size;
        return block;
    }
    void *moved = correct_malloc(size);
    if (moved == NULL) return NULL;
    memcpy(moved, block, old->extent < size ? old->extent : size);
    apart_release(old);
    return moved;
}

void *correct_aligned_alloc(size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return or_no_memory(apart_allocate(alignment, size));
}

int correct_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    void *made = apart_allocate(alignment, size);
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

size_t correct_usable_size(void *block)
{
    return block == NULL ? 0 : apart_find(block)->extent;
}

bool correct_consistent(void)
{
    return true;
}
