// SPDX-License-Identifier: MIT
/// brkmap.c: the functions of brkmap.h: each decides between cache, chunk and mapping, and sets
/// errno.
#include "allocators/brkmap/cache.h"

#include <errno.h>
#include <string.h>

struct brkmap_heap brkmap_heap_default;

struct brkmap_heap *brkmap_default_heap(void)
{
    return &brkmap_heap_default;
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

/// Cheap, so it sees only the obvious: a pointer never returned, or a header that says free.
static bool is_live(const void *block)
{
    if ((uintptr_t)block % BRKMAP_ALIGNMENT != 0) return false;
    const size_t header = brkmap_header(brkmap_chunk_of(block));
    return (header & (BRKMAP_IN_USE | BRKMAP_FENCE)) == BRKMAP_IN_USE &&
           (header & ~(size_t)BRKMAP_FLAGS) >= BRKMAP_CHUNK_MIN;
}

static size_t usable(const struct chunk *chunk)
{
    // A chunk in use reaches into the next one's prev_size; behind a mapped one there is no next.
    return brkmap_size(chunk) - (brkmap_is(chunk, BRKMAP_MAPPED) ? BRKMAP_HEADER : 8);
}

// ---------------------------------------------------------------------------- under the lock

/// pre: the alignment is a power of two of at least 16, size <= PTRDIFF_MAX.
static void *allocate_locked(struct brkmap_heap *heap, size_t alignment, size_t size)
{
    const size_t map_from = brkmap_map_from(heap);
    struct chunk *chunk = NULL;
    if (size < map_from && alignment < map_from - size) {
        const size_t need = brkmap_chunk_size(size);
        chunk = alignment == BRKMAP_ALIGNMENT ? brkmap_chunk_take(heap, need)
                                              : brkmap_chunk_take_aligned(heap, alignment, need);
    }
    // A large one; or the heap cannot grow.
    if (chunk == NULL) return brkmap_mapped_allocate(heap, alignment, size);
    return brkmap_block(chunk);
}

/// The block resized without a copy of ours; NULL: it has to be moved, or cannot be had.
static void *resize_locked(struct brkmap_heap *heap, struct chunk *chunk, size_t size)
{
    if (brkmap_is(chunk, BRKMAP_MAPPED)) return brkmap_mapped_resize(heap, chunk, size);

    const size_t need = brkmap_chunk_size(size);
    if (brkmap_size(chunk) < need) {
        brkmap_cache_make_way(heap, chunk);
        return brkmap_chunk_grow(heap, chunk, need) ? brkmap_block(chunk) : NULL;
    }
    brkmap_chunk_shrink(heap, chunk, need);
    return brkmap_block(chunk);
}

// ---------------------------------------------------------------------------- without it

/// NULL: no memory; errno is left to the caller, who may have to keep it. pre: a power of two.
static void *allocate(struct brkmap_heap *heap, size_t alignment, size_t size)
{
    if (size > PTRDIFF_MAX) return NULL;
    if (alignment < BRKMAP_ALIGNMENT) alignment = BRKMAP_ALIGNMENT;
    const bool locked = brkmap_lock(heap);
    void *block = allocate_locked(heap, alignment, size);
    brkmap_unlock(heap, locked);
    return block;
}

/// A small block of a heap that cannot grow gets pages of its own.
static void *allocate_pages(struct brkmap_heap *heap, size_t size)
{
    const bool locked = brkmap_lock(heap);
    void *block = brkmap_mapped_allocate(heap, BRKMAP_ALIGNMENT, size);
    brkmap_unlock(heap, locked);
    return block;
}

static void *allocate_plain(struct brkmap_heap *heap, size_t size)
{
    if (size > BRKMAP_CACHED_MAX - 8) return allocate(heap, BRKMAP_ALIGNMENT, size);
    void *block = brkmap_cache_pop(brkmap_cache_of(heap), size);
    if (block == NULL) block = brkmap_cache_refill(heap, brkmap_chunk_size(size));
    return block != NULL ? block : allocate_pages(heap, size);
}

/// The line says in which function, should the block be none.
static void release(struct brkmap_heap *heap, void *block, const char *line, size_t length)
{
    struct brkmap_cache *cache = brkmap_cache_of(heap);
    if (brkmap_cache_push(cache, block)) return;
    if (!is_live(block) || (cache != NULL && brkmap_cache_has(cache, block)))
        brkmap_die(line, length);

    struct chunk *chunk = brkmap_chunk_of(block);
    if (!brkmap_is(chunk, BRKMAP_MAPPED)) {
        brkmap_cache_spill(heap, chunk);
        return;
    }
    const bool locked = brkmap_lock(heap);
    brkmap_mapped_release(heap, chunk);
    brkmap_unlock(heap, locked);
}

#define RELEASE(heap, block, line) release((heap), (block), (line), sizeof(line) - 1)

// ---------------------------------------------------------------------------- brkmap.h

void *brkmap_malloc(struct brkmap_heap *heap, size_t size)
{
    void *block = allocate_plain(heap, size);
    return block != NULL ? block : no_memory();
}

void brkmap_free(struct brkmap_heap *heap, void *block)
{
    if (block != NULL) RELEASE(heap, block, "brkmap: free(): not a live block\n");
}

void brkmap_free_sized(struct brkmap_heap *heap, void *block, size_t size)
{
    if (block == NULL) return;
    if (!is_live(block)) BRKMAP_DIE("brkmap: free_sized(): not a live block\n");
    if (size > usable(brkmap_chunk_of(block)))
        BRKMAP_DIE("brkmap: free_sized(): not the size of the block\n");
    RELEASE(heap, block, "brkmap: free_sized(): not a live block\n");
}

void brkmap_free_aligned_sized(struct brkmap_heap *heap, void *block, size_t alignment, size_t size)
{
    if (block != NULL && (!power_of_two(alignment) || (uintptr_t)block % alignment != 0))
        BRKMAP_DIE("brkmap: free_aligned_sized(): not the alignment of the block\n");
    brkmap_free_sized(heap, block, size);
}

/// A new mapping comes zeroed. To touch its pages now would make them resident for nothing.
static bool is_zeroed(const void *block, size_t size)
{
    if (brkmap_has_fault(brkmap_fault_inside_calloc_trusts_size)) return size >= BRKMAP_MAP_FROM;
    return brkmap_is(brkmap_chunk_of(block), BRKMAP_MAPPED);
}

void *brkmap_calloc(struct brkmap_heap *heap, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) return no_memory();

    void *block = allocate_plain(heap, total);
    if (block == NULL) return no_memory();
    if (!is_zeroed(block, total)) memset(block, 0, total);
    return block;
}

/// A block of `size` bytes with what the old one, which is freed, holds. NULL: the old one is
/// whole.
static void *move(struct brkmap_heap *heap, void *block, size_t size)
{
    void *moved = allocate_plain(heap, size);
    if (moved == NULL) return no_memory();
    const size_t kept = usable(brkmap_chunk_of(block));
    memcpy(moved, block, kept < size ? kept : size);
    RELEASE(heap, block, "brkmap: realloc(): not a live block\n");
    return moved;
}

void *brkmap_realloc(struct brkmap_heap *heap, void *block, size_t size)
{
    if (block == NULL) return brkmap_malloc(heap, size);
    if (!is_live(block)) BRKMAP_DIE("brkmap: realloc(): not a live block\n");
    if (size > PTRDIFF_MAX) return no_memory();

    struct chunk *chunk = brkmap_chunk_of(block);
    const size_t header = brkmap_header(chunk);
    if ((header & BRKMAP_MAPPED) == 0 &&
        (header & ~(size_t)BRKMAP_FLAGS) == brkmap_chunk_size(size))
        return block;
    const bool locked = brkmap_lock(heap);
    void *resized = resize_locked(heap, chunk, size);
    brkmap_unlock(heap, locked);
    return resized != NULL ? resized : move(heap, block, size);
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
    if (!is_live(block)) BRKMAP_DIE("brkmap: malloc_usable_size(): not a live block\n");
    return usable(brkmap_chunk_of(block));
}

bool brkmap_trim(struct brkmap_heap *heap, size_t keep)
{
    const bool locked = brkmap_lock(heap);
    if (brkmap_cache_of(heap) != NULL) brkmap_cache_close(heap);
    const bool given = brkmap_segment_trim(heap, keep);
    brkmap_unlock(heap, locked);
    return given;
}

void brkmap_reset(struct brkmap_heap *heap)
{
    brkmap_caches_forget(heap);
    *heap = (struct brkmap_heap){0};
}
