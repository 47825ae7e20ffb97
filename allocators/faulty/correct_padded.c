// SPDX-License-Identifier: MIT
/// correct_padded.c: the correct allocator has a header before each block, over apart.h's.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"
#include "allocators/faulty/padded.h"

#include <errno.h>
#include <string.h>

/// pre: `alignment` is a power of two, 16 at least.
static void *allocate(size_t alignment, size_t size)
{
    size_t need;
    if (__builtin_add_overflow(size, sizeof(struct padded_header) + alignment - 16, &need) ||
        need > PTRDIFF_MAX)
        return NULL;
    const uintptr_t base = (uintptr_t)apart_allocate(16, need);
    if (base == 0) return NULL;
    const uintptr_t block =
        (base + sizeof(struct padded_header) + alignment - 1) & ~(uintptr_t)(alignment - 1);
    *padded_header((void *)block) = (struct padded_header){size, block - base};
    return (void *)block;
}

static void *or_no_memory(void *block)
{
    if (block == NULL) errno = ENOMEM;
    return block;
}

void *correct_malloc(size_t size)
{
    return or_no_memory(allocate(16, size));
}

void correct_free(void *block)
{
    if (block != NULL) apart_release(apart_find(padded_base(block)));
}

void *correct_realloc(void *block, size_t size)
{
    void *moved = correct_malloc(size);
    if (moved == NULL || block == NULL) return moved;
    const size_t old = padded_header(block)->size;
    memcpy(moved, block, old < size ? old : size);
    correct_free(block);
    return moved;
}

void *correct_aligned_alloc(size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return or_no_memory(allocate(alignment < 16 ? 16 : alignment, size));
}

int correct_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!correct_is_power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    void *made = allocate(alignment < 16 ? 16 : alignment, size);
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

size_t correct_usable_size(void *block)
{
    return block == NULL ? 0 : padded_header(block)->size;
}

bool correct_consistent(void)
{
    return true;
}
