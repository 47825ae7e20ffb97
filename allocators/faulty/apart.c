// SPDX-License-Identifier: MIT
/// apart.c: blocks in an arena, their descriptions in a table behind it.
#include "allocators/faulty/apart.h"

#include "allocators/brkmap/kernel.h"
#include "allocators/faulty/correct.h"

#include <unistd.h>

#define HOOK __attribute__((weak))

enum { BLOCKS_MAX = 1 << 16 };

static struct {
    uintptr_t at; // the next block's place; 0: no arena yet
    uintptr_t end;
    struct apart_block *blocks;
    size_t block_count;
    struct apart_block *free_lists[64]; // by log2 of the extent
} arena;

HOOK size_t apart_alignment(size_t size)
{
    (void)size;
    return 16;
}

HOOK size_t apart_extent(size_t size)
{
    const size_t alignment = apart_alignment(size);
    return ((size == 0 ? 1 : size) + alignment - 1) & ~(alignment - 1);
}

HOOK size_t apart_limit(void)
{
    return (size_t)16 << 20;
}

/// The arena, a page for faults that write over its end, and the table, in one mapping.
static bool open_arena(void)
{
    const size_t table =
        (BLOCKS_MAX * sizeof(struct apart_block) + BRKMAP_PAGE - 1) & ~(size_t)(BRKMAP_PAGE - 1);
    const uintptr_t start = brkmap_kernel_map(apart_limit() + BRKMAP_PAGE + table);
    if (start == 0) return false;
    arena.at = start;
    arena.end = start + apart_limit();
    arena.blocks = (struct apart_block *)(arena.end + BRKMAP_PAGE);
    return true;
}

/// A freed block that is large enough and well placed: all of a list above the request's log2 are
/// large enough, the first of its own may be.
static struct apart_block *reuse(size_t alignment, size_t extent)
{
    for (unsigned list = correct_log2(extent); list < 64; list++) {
        struct apart_block *block = arena.free_lists[list];
        if (block == NULL || block->extent < extent || block->start % alignment != 0) continue;
        arena.free_lists[list] = block->next_free;
        return block;
    }
    return NULL;
}

static struct apart_block *place(size_t alignment, size_t extent)
{
    uintptr_t start;
    if (__builtin_add_overflow(arena.at, alignment - 1, &start)) return NULL;
    start &= ~(uintptr_t)(alignment - 1);
    if (start > arena.end || arena.end - start < extent) return NULL;
    if (arena.block_count == BLOCKS_MAX) return NULL;

    struct apart_block *block = &arena.blocks[arena.block_count++];
    block->start = start;
    block->extent = extent;
    block->taken = false;
    arena.at = start + extent;
    return block;
}

void *apart_allocate(size_t alignment, size_t size)
{
    if (size > apart_limit()) return NULL;
    if (arena.at == 0 && !open_arena()) return NULL;
    if (alignment < apart_alignment(size)) alignment = apart_alignment(size);

    const size_t extent = apart_extent(size);
    struct apart_block *block = reuse(alignment, extent);
    if (block == NULL) block = place(alignment, extent);
    if (block == NULL) return NULL;
    block->size = size;
    block->live = true;
    return (void *)block->start;
}

void apart_release(struct apart_block *block)
{
    const unsigned list = correct_log2(block->extent);
    block->live = false;
    block->next_free = arena.free_lists[list];
    arena.free_lists[list] = block;
}

struct apart_block *apart_find(const void *start)
{
    size_t low = 0, high = arena.block_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (arena.blocks[middle].start < (uintptr_t)start)
            low = middle + 1;
        else
            high = middle;
    }
    struct apart_block *block = &arena.blocks[low];
    if (low < arena.block_count && block->start == (uintptr_t)start && block->live) return block;

    static const char line[] = "apart: not a live block\n";
    (void)!write(STDERR_FILENO, line, sizeof line - 1);
    abort();
}

struct apart_block *apart_above(struct apart_block *block)
{
    do {
        block++;
    } while (block < arena.blocks + arena.block_count && block->taken);
    return block < arena.blocks + arena.block_count ? block : NULL;
}

void apart_take_above(struct apart_block *block, struct apart_block *above)
{
    struct apart_block **link = &arena.free_lists[correct_log2(above->extent)];
    while (*link != NULL && *link != above)
        link = &(*link)->next_free;
    if (*link != NULL) *link = above->next_free;
    above->taken = true;
    block->extent += above->extent;
}

bool apart_is_empty(void)
{
    for (size_t i = 0; i < arena.block_count; i++)
        if (arena.blocks[i].live) return false;
    return true;
}

void apart_start_anew(void)
{
    if (arena.at == 0) return;
    arena.at = arena.end - apart_limit();
    arena.block_count = 0;
    for (size_t list = 0; list < 64; list++)
        arena.free_lists[list] = NULL;
}
