// SPDX-License-Identifier: MIT
/// small.h: three correct allocators of other designs than the known ones, a file each.
///
/// bump.c never gives memory twice, buddy.c halves a fixed pool, two_level.c finds a block that
/// fits in a few instructions. They show what is allowed: natural alignment, no aligned family, no
/// block for no bytes, a pool with an end. Each defines the functions below, and exports.c (with
/// exports_aligned.c where it aligns) makes the C library's names of them. One thread at a time.
#ifndef SMALL_H
#define SMALL_H

#include <stdbool.h>
#include <stddef.h>

// These two are included for the declarations of what is exported.
#include <malloc.h>
#include <stdlib.h>

#define SMALL_EXPORT __attribute__((visibility("default")))

/// A block of `size` bytes at a multiple of `alignment`, and as aligned as an object of that size
/// can need. NULL with ENOMEM: there is no room. One that has no blocks of no bytes answers NULL
/// for those, with errno as it was.
/// pre: `alignment` is a power of two.
void *small_allocate(size_t alignment, size_t size);

/// pre: the block is live, here and below. Leaves errno alone.
void small_release(void *block);

/// Bytes that may be used; at least those that were asked for.
size_t small_usable(const void *block);

/// Makes the block hold `size` bytes where it is, as aligned as they need. False: it cannot, and
/// nothing has changed. No bytes are refused only by one that has no such blocks.
bool small_resize(void *block, size_t size);

/// allocators/shared_object.h: what a library may export besides.
bool heapduel_consistent(void);
size_t heapduel_capacity(void);

/// NULL, and errno says why.
void *small_no_memory(void);

#endif
