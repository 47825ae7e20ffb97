// SPDX-License-Identifier: MIT
/// pool.c: an allocator of another project: first fit in a fixed pool, neighbours joined.
///
/// Knows nothing of heapduel. A chunk is a header and a block; chunks lie one behind the other.
#include "pool.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

struct chunk {
    size_t size; // bytes of the block, a multiple of 16
    size_t used; // 1 or 0
};

static _Alignas(16) uint8_t pool[POOL_BYTES];

static struct chunk *first(void)
{
    struct chunk *chunk = (struct chunk *)(void *)pool;
    if (chunk->size == 0) chunk->size = sizeof pool - sizeof *chunk;
    return chunk;
}

static struct chunk *next(struct chunk *chunk)
{
    uint8_t *end = (uint8_t *)(chunk + 1) + chunk->size;
    return end < pool + sizeof pool ? (struct chunk *)(void *)end : NULL;
}

/// Free neighbours behind a free chunk become part of it.
static void join(struct chunk *chunk)
{
    struct chunk *behind;
    while ((behind = next(chunk)) != NULL && !behind->used)
        chunk->size += sizeof *behind + behind->size;
}

static void split(struct chunk *chunk, size_t size)
{
    if (chunk->size - size < 2 * sizeof *chunk) return;
    struct chunk *rest = (struct chunk *)(void *)((uint8_t *)(chunk + 1) + size);
    rest->size = chunk->size - size - sizeof *rest;
    rest->used = 0;
    chunk->size = size;
}

void *pool_malloc(size_t size)
{
    if (size > POOL_BYTES) goto refused;
    size = size == 0 ? 16 : (size + 15) & ~(size_t)15;
    for (struct chunk *chunk = first(); chunk != NULL; chunk = next(chunk)) {
        if (chunk->used) continue;
        join(chunk);
        if (chunk->size < size) continue;
        split(chunk, size);
        chunk->used = 1;
        return chunk + 1;
    }
refused:
    errno = ENOMEM;
    return NULL;
}

void pool_free(void *block)
{
    if (block != NULL) ((struct chunk *)block - 1)->used = 0;
}

void *pool_realloc(void *block, size_t size)
{
    void *moved = pool_malloc(size);
    if (block == NULL || moved == NULL) return moved;
    const size_t old = ((struct chunk *)block - 1)->size;
    memcpy(moved, block, old < size ? old : size);
    pool_free(block);
    return moved;
}
