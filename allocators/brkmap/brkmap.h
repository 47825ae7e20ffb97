// SPDX-License-Identifier: MIT
/// brkmap.h: our own allocator: brk for small blocks, a mapping of its own for a large one.
///
/// A heap is an instance; several may live in one process and share its break. Sizes and alignments
/// are bytes. Every block is a multiple of 16 and belongs to the heap it came from. Functions fail
/// by NULL with errno ENOMEM (or EINVAL where said); they never move or change a block on failure.
/// errno is left alone by success and by the functions that free (POSIX.1-2024).
///
/// Any thread may call them on the default heap at any time, and free what another allocated; in a
/// child that was forked meanwhile it works. Another instance is for one thread at a time, and so
/// is the growing of two. What can be seen cheaply of a block freed twice, of a pointer that is
/// none and of overwritten headers ends the program: one line to standard error, and abort().
#ifndef BRKMAP_H
#define BRKMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct brkmap_heap;

/// The process's default heap, ready to use; made on the first call, without any other allocator.
struct brkmap_heap *brkmap_default_heap(void);

/// C17 7.22.3.4. Size 0 gives a block of its own of the least size. NULL: the size is past
/// PTRDIFF_MAX, or the kernel refused.
void *brkmap_malloc(struct brkmap_heap *heap, size_t size);
/// C17 7.22.3.3. NULL is a no-op.
void brkmap_free(struct brkmap_heap *heap, void *block);
/// C23 7.24.3.4, 7.24.3.5: as free, by somebody who knows what was asked for.
void brkmap_free_sized(struct brkmap_heap *heap, void *block, size_t size);
void brkmap_free_aligned_sized(struct brkmap_heap *heap, void *block, size_t alignment,
                               size_t size);
/// C17 7.22.3.2. NULL also: count x size does not fit size_t.
void *brkmap_calloc(struct brkmap_heap *heap, size_t count, size_t size);
/// C17 7.22.3.5. A NULL block is a malloc. Size 0 keeps a block of the least size (the block is
/// resized, not freed). On failure the old block is whole and still the caller's.
void *brkmap_realloc(struct brkmap_heap *heap, void *block, size_t size);
/// POSIX.1-2024 reallocarray. NULL also: count x size does not fit size_t.
void *brkmap_reallocarray(struct brkmap_heap *heap, void *block, size_t count, size_t size);
/// C17 7.22.3.1. The size need be no multiple. EINVAL: the alignment is no power of two.
void *brkmap_aligned_alloc(struct brkmap_heap *heap, size_t alignment, size_t size);
/// POSIX posix_memalign: 0, EINVAL (no power of two, or no multiple of sizeof(void *)) or ENOMEM;
/// on failure `*block` is unchanged; errno is never changed.
int brkmap_posix_memalign(struct brkmap_heap *heap, void **block, size_t alignment, size_t size);
/// Bytes of the block the caller may use, at least the request; 0 for NULL.
size_t brkmap_usable_size(struct brkmap_heap *heap, void *block);

/// malloc_trim(3): what the calling thread's cache holds to the heap, and free memory to the
/// kernel, but for `keep` bytes at the top. Whether any was given back.
bool brkmap_trim(struct brkmap_heap *heap, size_t keep);
/// An empty heap, as new, for all threads. pre: its memory is gone, or left to its fate; no thread
/// is in it.
void brkmap_reset(struct brkmap_heap *heap);

/// Walks every segment, chunk, bin and cache: false when an invariant is broken. pre: no other
/// thread is in the heap.
bool brkmap_consistent(struct brkmap_heap *heap);

#endif
