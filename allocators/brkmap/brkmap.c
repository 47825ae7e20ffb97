// SPDX-License-Identifier: MIT
/// brkmap.c: the functions of brkmap.h: each decides between chunk and mapping, and sets errno.
#include "allocators/brkmap/heap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct brkmap_heap *brkmap_default_heap(void)
{
    static struct brkmap_heap heap;
    return &heap;
}

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

static bool power_of_two(size_t alignment)
{
    return alignment != 0 && (alignment & (alignment - 1)) == 0;
}

#define DIE(line) die((line), sizeof(line) - 1)

/// The heap may be broken, so nothing here may allocate.
static _Noreturn void die(const char *line, size_t length)
{
    (void)!write(STDERR_FILENO, line, length);
    abort();
}

/// Cheap, so it sees only the obvious: a pointer never returned, or a header that says free.
static bool is_live(const void *block)
{
    if ((uintptr_t)block % BRKMAP_ALIGNMENT != 0) return false;
    return brkmap_is(brkmap_chunk_of(block), BRKMAP_IN_USE);
}

static size_t usable(const struct chunk *chunk)
{
    // A chunk in use reaches into the next one's prev_size; behind a mapped one there is no next.
    return brkmap_size(chunk) - (brkmap_is(chunk, BRKMAP_MAPPED) ? BRKMAP_HEADER : 8);
}

/// NULL: no memory; errno is left to the caller, who may have to keep it. pre: a power of two.
static void *allocate(struct brkmap_heap *heap, size_t alignment, size_t size)
{
    if (size > PTRDIFF_MAX) return NULL;
    if (alignment < BRKMAP_ALIGNMENT) alignment = BRKMAP_ALIGNMENT;

    struct chunk *chunk = NULL;
    if (size < BRKMAP_MAP_FROM && alignment < BRKMAP_MAP_FROM - size) {
        const size_t need = brkmap_chunk_size(size);
        chunk = alignment == BRKMAP_ALIGNMENT ? brkmap_chunk_take(heap, need)
                                              : brkmap_chunk_take_aligned(heap, alignment, need);
    }
    // A large one, or the break is refused: then even a small block gets pages of its own.
    if (chunk == NULL) return brkmap_mapped_allocate(heap, alignment, size);
    return brkmap_block(chunk);
}

static void release(struct brkmap_heap *heap, struct chunk *chunk)
{
    if (brkmap_is(chunk, BRKMAP_MAPPED)) {
        brkmap_mapped_release(heap, chunk);
        return;
    }
    brkmap_segment_trim(heap, brkmap_chunk_release(heap, chunk));
}

/// The block resized without a copy of ours; NULL: it has to be moved, or cannot be had.
static void *resize_in_place(struct brkmap_heap *heap, struct chunk *chunk, size_t size)
{
    if (brkmap_is(chunk, BRKMAP_MAPPED)) return brkmap_mapped_resize(heap, chunk, size);

    const size_t need = brkmap_chunk_size(size);
    if (brkmap_size(chunk) < need) {
        return brkmap_chunk_grow(heap, chunk, need) ? brkmap_block(chunk) : NULL;
    }
    struct chunk *rest = brkmap_chunk_cut(heap, chunk, need);
    if (rest != NULL) brkmap_segment_trim(heap, rest);
    return brkmap_block(chunk);
}

void *brkmap_malloc(struct brkmap_heap *heap, size_t size)
{
    void *block = allocate(heap, BRKMAP_ALIGNMENT, size);
    return block != NULL ? block : no_memory();
}

void brkmap_free(struct brkmap_heap *heap, void *block)
{
    if (block == NULL) return;
    if (!is_live(block)) DIE("brkmap: free(): not a live block\n");
    release(heap, brkmap_chunk_of(block));
}

void *brkmap_calloc(struct brkmap_heap *heap, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return no_memory();

    void *block = allocate(heap, BRKMAP_ALIGNMENT, total);
    if (block == NULL) return no_memory();
    // A mapping comes zeroed. To touch its pages now would make them resident for nothing.
    if (!brkmap_is(brkmap_chunk_of(block), BRKMAP_MAPPED)) memset(block, 0, total);
    return block;
}

void *brkmap_realloc(struct brkmap_heap *heap, void *block, size_t size)
{
    if (block == NULL) return brkmap_malloc(heap, size);
    if (!is_live(block)) DIE("brkmap: realloc(): not a live block\n");
    if (size > PTRDIFF_MAX) return no_memory();

    struct chunk *chunk = brkmap_chunk_of(block);
    void *resized = resize_in_place(heap, chunk, size);
    if (resized != NULL) return resized;

    resized = allocate(heap, BRKMAP_ALIGNMENT, size);
    if (resized == NULL) return no_memory();
    const size_t kept = usable(chunk);
    memcpy(resized, block, kept < size ? kept : size);
    release(heap, chunk);
    return resized;
}

void *brkmap_reallocarray(struct brkmap_heap *heap, void *block, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return no_memory();
    return brkmap_realloc(heap, block, total);
}

void *brkmap_aligned_alloc(struct brkmap_heap *heap, size_t alignment, size_t size)
{
    if (!power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    void *block = allocate(heap, alignment, size);
    return block != NULL ? block : no_memory();
}

int brkmap_posix_memalign(struct brkmap_heap *heap, void **block, size_t alignment, size_t size)
{
    if (!power_of_two(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    void *made = allocate(heap, alignment, size);
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

size_t brkmap_usable_size(struct brkmap_heap *heap, void *block)
{
    (void)heap;
    if (block == NULL) return 0;
    if (!is_live(block)) DIE("brkmap: malloc_usable_size(): not a live block\n");
    return usable(brkmap_chunk_of(block));
}
