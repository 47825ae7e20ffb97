// SPDX-License-Identifier: MIT
/// scripted.c: bump a pointer, copy, look sizes up in a table; write each call down.
#include "tests/unit/scripted.h"

#include "allocators/status.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static void write_down(struct hd_heap *heap, enum hd_op_kind kind, const void *block, size_t first,
                       size_t second)
{
    HD_ASSERT(heap->call_count < CALLS_MAX);
    heap->calls[heap->call_count++] =
        (struct call){.kind = kind, .block = (uintptr_t)block, .first = first, .second = second};
    if (kind != HD_OP_USABLE_SIZE && kind != HD_OP_KINDS) heap->served++;
}

static bool now(const struct hd_heap *heap, enum misdeed misdeed)
{
    return heap->misdeed == misdeed && (heap->at == 0 || heap->at == heap->served);
}

static size_t size_of(const struct hd_heap *heap, const void *block)
{
    for (unsigned i = heap->block_count; i-- > 0;)
        if (heap->blocks[i].address == (uintptr_t)block) return heap->blocks[i].size;
    HD_ASSERT(false);
    return 0;
}

/// Never given back; what is not touched costs nothing.
static void eat_memory(void)
{
    for (unsigned i = 0; i < 4096; i++) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) return;
    }
}

static void *give(struct hd_heap *heap, size_t alignment, size_t size)
{
    HD_ASSERT(heap->block_count < BLOCKS_MAX);
    if (now(heap, ANSWERS_NULL_MUTELY)) return NULL;
    const uintptr_t base = (uintptr_t)heap->memory;
    const uintptr_t start = (base + heap->used + alignment - 1) & ~(alignment - 1);
    const size_t room = base + sizeof heap->memory - start;
    if (now(heap, EATS_MEMORY)) eat_memory();
    if (now(heap, ANSWERS_NULL) || now(heap, EATS_MEMORY) || size > room) {
        errno = ENOMEM;
        return NULL;
    }
    uintptr_t block = start;
    if (now(heap, OVERLAPS)) block = heap->blocks[0].address + 16;
    if (now(heap, MISALIGNED)) block++;
    if (now(heap, SCRIBBLES))
        ((uint8_t *)heap->blocks[0].address)[heap->blocks[0].size - 1] ^= 0xff;
    heap->used = start - base + ((size + 31) & ~(size_t)15);
    heap->blocks[heap->block_count].address = block;
    heap->blocks[heap->block_count++].size = size;
    return (void *)block;
}

static void *allocate(struct hd_heap *heap, size_t size)
{
    write_down(heap, HD_OP_MALLOC, NULL, size, 0);
    return give(heap, 16, size);
}

static void release(struct hd_heap *heap, void *block)
{
    write_down(heap, HD_OP_FREE, block, 0, 0);
    if (block != NULL) (void)size_of(heap, block);
    if (now(heap, SETS_ERRNO)) errno = EINVAL;
    if (now(heap, SCRIBBLES))
        ((uint8_t *)heap->blocks[0].address)[heap->blocks[0].size - 1] ^= 0xff;
}

static void *allocate_zeroed(struct hd_heap *heap, size_t count, size_t size)
{
    write_down(heap, HD_OP_CALLOC, NULL, count, size);
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
    void *block = give(heap, 16, bytes);
    if (block != NULL) memset(block, now(heap, RUBBISH) ? 0x11 : 0, bytes);
    return block;
}

static void *move(struct hd_heap *heap, void *old, size_t size)
{
    if (now(heap, SPOILS_OLD)) {
        *(uint8_t *)old ^= 0xff;
        errno = ENOMEM;
        return NULL;
    }
    if (old != NULL && size == 0 && !now(heap, GIVES_FOR_ZERO)) return NULL;
    void *block = give(heap, 16, size);
    if (block == NULL || old == NULL || now(heap, LOSES_PREFIX)) return block;
    const size_t old_size = size_of(heap, old);
    if (!now(heap, OVERLAPS)) memcpy(block, old, old_size < size ? old_size : size);
    return block;
}

static void *resize(struct hd_heap *heap, void *block, size_t size)
{
    write_down(heap, HD_OP_REALLOC, block, size, 0);
    return move(heap, block, size);
}

static void *resize_array(struct hd_heap *heap, void *block, size_t count, size_t size)
{
    write_down(heap, HD_OP_REALLOCARRAY, block, count, size);
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
    return move(heap, block, bytes);
}

static bool is_bad(size_t alignment)
{
    return alignment == 0 || (alignment & (alignment - 1)) != 0;
}

static void *give_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    if (!is_bad(alignment)) return give(heap, alignment > 16 ? alignment : 16, size);
    errno = EINVAL;
    return NULL;
}

static void *allocate_aligned(struct hd_heap *heap, size_t alignment, size_t size)
{
    write_down(heap, HD_OP_ALIGNED_ALLOC, NULL, alignment, size);
    return give_aligned(heap, alignment, size);
}

static int allocate_posix(struct hd_heap *heap, void **block, size_t alignment, size_t size)
{
    write_down(heap, HD_OP_POSIX_MEMALIGN, NULL, alignment, size);
    if (now(heap, POINTER_ALONE)) return 0;
    if (is_bad(alignment) || alignment % sizeof(void *) != 0) return EINVAL;
    void *given = give_aligned(heap, alignment, size);
    if (given == NULL) return ENOMEM;
    *block = given;
    return 0;
}

static void *allocate_memalign(struct hd_heap *heap, size_t alignment, size_t size)
{
    write_down(heap, HD_OP_MEMALIGN, NULL, alignment, size);
    return give_aligned(heap, alignment, size);
}

static void *allocate_page_aligned(struct hd_heap *heap, size_t size)
{
    write_down(heap, HD_OP_VALLOC, NULL, size, 0);
    return give(heap, 4096, size);
}

static size_t usable_size(struct hd_heap *heap, void *block)
{
    write_down(heap, HD_OP_USABLE_SIZE, block, 0, 0);
    if (now(heap, USABLE_TOO_SMALL)) return 0;
    if (now(heap, USABLE_ENDLESS)) return SIZE_MAX;
    return size_of(heap, block) + (now(heap, USABLE_TOO_LARGE) ? 4096 : 3);
}

static bool consistent(struct hd_heap *heap)
{
    write_down(heap, HD_OP_KINDS, NULL, 0, 0);
    return !now(heap, INCONSISTENT);
}

struct hd_subject scripted_subject(struct hd_heap *heap, enum misdeed misdeed, unsigned at)
{
    memset(heap, 0, sizeof *heap);
    heap->misdeed = misdeed;
    heap->at = at;
    return (struct hd_subject){
        .allocator = {.name = "scripted",
                      .summary = "a bump allocator that keeps a diary",
                      .allocate = allocate,
                      .release = release,
                      .allocate_zeroed = allocate_zeroed,
                      .resize = resize,
                      .resize_array = resize_array,
                      .allocate_aligned = allocate_aligned,
                      .allocate_posix = allocate_posix,
                      .allocate_memalign = allocate_memalign,
                      .allocate_page_aligned = allocate_page_aligned,
                      .usable_size = usable_size,
                      .consistent = consistent},
        .heap = heap};
}
