// SPDX-License-Identifier: MIT
/// bump.c: a place in a pool that only rises.
///
///     pool   | size | block | size | block     | ... not given yet ...    |
///            0      ^ aligned                  ^ used              POOL_SIZE
///
/// A block comes behind the last one, with its size, 4 bytes, in front of it. free does nothing: no
/// byte is given twice, not even when a block shrinks. The pool is part of the library's data, so
/// the kernel is never asked for anything; when it is used up, that is the end.
///
/// Alignment is natural: 4 for objects of less than 8 bytes, 8 below 16, and 16. No object needs
/// more, as its size is a multiple of its alignment (C23 7.24.3p1; C17 is read so too). There is no
/// aligned_alloc, and no posix_memalign.
#include "allocators/small/small.h"

#include <stdalign.h>
#include <stdint.h>

#define POOL_SIZE ((size_t)16 << 20)

typedef uint32_t stored_size;
_Static_assert(POOL_SIZE <= UINT32_MAX, "a size fits in front of its block");

static alignas(max_align_t) unsigned char pool[POOL_SIZE];
static size_t used;

static size_t natural_alignment(size_t size)
{
    return size < 8 ? alignof(stored_size) : size < 16 ? 8 : alignof(max_align_t);
}

static stored_size *size_of(const void *block)
{
    return (stored_size *)block - 1;
}

static size_t offset_of(const void *block)
{
    return (size_t)((const unsigned char *)block - pool);
}

static bool fits(size_t start, size_t size)
{
    return start <= POOL_SIZE && size <= POOL_SIZE - start;
}

void *small_allocate(size_t alignment, size_t size)
{
    const size_t natural = natural_alignment(size);
    if (alignment < natural) alignment = natural;
    const size_t start = (used + sizeof(stored_size) + alignment - 1) & ~(alignment - 1);
    if (!fits(start, size)) return small_no_memory();
    used = start + size;
    *size_of(pool + start) = (stored_size)size;
    return pool + start;
}

void small_release(void *block)
{
    (void)block;
}

size_t small_usable(const void *block)
{
    return *size_of(block);
}

/// Smaller always; larger where it is the last block, and stands well for what it will hold.
bool small_resize(void *block, size_t size)
{
    const size_t start = offset_of(block);
    if (size > *size_of(block)) {
        const bool last = start + *size_of(block) == used;
        if (!last || start % natural_alignment(size) != 0 || !fits(start, size)) return false;
        used = start + size;
    }
    *size_of(block) = (stored_size)size;
    return true;
}
