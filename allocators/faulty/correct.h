// SPDX-License-Identifier: MIT
/// correct.h: the allocator that a faulty one would be without its fault.
///
/// Four of them stand behind these names, and a library is linked with one: brkmap (the metadata
/// lies between the blocks, as in most allocators), apart (see apart.h), padded (apart with a
/// header before each block, see padded.h) or mapped_base (many system calls, see mapped_base.h).
/// Contracts are those of C17 and POSIX.1-2024. Use these in a faulty allocator, never malloc and
/// its like: those names are its own, or the main program's.
#ifndef FAULTY_CORRECT_H
#define FAULTY_CORRECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// These two are included for the declarations of what a faulty allocator defines.
#include <malloc.h>
#include <stdlib.h>

#define FAULTY_EXPORT __attribute__((visibility("default")))

void *correct_malloc(size_t size);
void correct_free(void *block);
void *correct_calloc(size_t count, size_t size);
void *correct_realloc(void *block, size_t size);
void *correct_reallocarray(void *block, size_t count, size_t size);
void *correct_aligned_alloc(size_t alignment, size_t size); // any power of two, any size
int correct_posix_memalign(void **block, size_t alignment, size_t size);
size_t correct_usable_size(void *block);
bool correct_consistent(void);

/// The one name that is not C's or POSIX's: a library may export its own check under it.
bool heapduel_consistent(void);

static inline bool correct_is_power_of_two(size_t alignment)
{
    return alignment != 0 && (alignment & (alignment - 1)) == 0;
}

/// floor(log2(value)). pre: value > 0.
static inline unsigned correct_log2(size_t value)
{
    return 63 - (unsigned)__builtin_clzl(value);
}

#endif
