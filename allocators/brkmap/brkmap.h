// SPDX-License-Identifier: MIT
/// brkmap.h: our own allocator: brk for small blocks, a mapping of its own for a large one.
///
/// A heap is an instance; several may live in one process and share its break. Sizes and alignments
/// are bytes. Every block is a multiple of 16 and belongs to the heap it came from. Functions fail
/// by NULL with errno ENOMEM (or EINVAL where said); they never move or change a block on failure.
/// errno is left alone by success and by brkmap_free (POSIX.1-2024). One thread at a time.
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

/// Walks every segment, chunk and free list: false when an invariant is broken.
bool brkmap_consistent(struct brkmap_heap *heap);

#endif
