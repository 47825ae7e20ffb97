// SPDX-License-Identifier: MIT
/// host_heap.h: the heap on which a program lives that tests libc's malloc.
///
/// All of it comes from one arena, from mmap and never from the break, for good. Any thread may
/// call, and fork at any time. What fails returns NULL and sets errno as C and POSIX say; nothing
/// else changes errno.
#ifndef HD_HOST_HEAP_H
#define HD_HOST_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/// A block of `size` bytes, aligned for any object, or to a power of two (else EINVAL).
void *hd_host_allocate(size_t size);
void *hd_host_allocate_zeroed(size_t count, size_t size);
void *hd_host_allocate_aligned(size_t alignment, size_t size);

/// As libc's realloc: for NULL a new block; of no bytes it is freed, and NULL is no failure.
void *hd_host_resize(void *block, size_t size);

/// pre: hd_host_holds.
void hd_host_release(void *block);
size_t hd_host_usable_size(void *block);

/// Whether the address lies in this heap.
bool hd_host_holds(const void *address);

/// To be called once, early: what is to be done around a fork.
void hd_host_heap_watch_forks(void);

#endif
