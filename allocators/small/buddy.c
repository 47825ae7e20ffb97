// SPDX-License-Identifier: MIT
/// buddy.c: a fixed pool, cut into halves and halves of halves.
///
///     order 24   |                          16 MiB                           |
///     order 23   |          8 MiB              |          8 MiB              |
///     order 22   |    4 MiB     |    4 MiB     |                             |
///                 ...down to order 4, 16 bytes
///
/// A block of order k has 2^k bytes, and lies at a multiple of that: so it is as aligned as it is
/// large, and an aligned request takes the order of its alignment. A block's buddy is the other
/// half of what it was cut from, at its offset with bit k turned over. A request takes the smallest
/// free block that is large enough, and what is cut off goes to the free lists of the orders
/// between; a freed block joins with its buddy as long as that is free.
///
/// tags[] has the order of each block by where it begins, and whether it is free. A buddy of a live
/// block always begins a block itself, so what stands for places inside of blocks is never read.
///
/// malloc(0) gives NULL. The pool is mapped by the first request.
#include "allocators/small/small.h"

#include <stdint.h>
#include <sys/mman.h>

#define ORDER_LEAST 4
#define ORDER_MOST  24
#define POOL_SIZE   ((size_t)1 << ORDER_MOST)
#define FREE        0x80 // in a tag, beside the order

struct link {
    struct link *next; // in a free block of the same order
    struct link *previous;
};
_Static_assert(sizeof(struct link) <= (size_t)1 << ORDER_LEAST, "a free block holds its links");

static unsigned char *pool; // NULL: not mapped yet
static unsigned char tags[POOL_SIZE >> ORDER_LEAST];
static struct link *free_lists[ORDER_MOST + 1];

static size_t offset_of(const void *block)
{
    return (size_t)((const unsigned char *)block - pool);
}

static unsigned char *tag_at(size_t offset)
{
    return &tags[offset >> ORDER_LEAST];
}

// ---------------------------------------------------------------------------- free lists

static void push(size_t offset, unsigned order)
{
    struct link *block = (struct link *)(pool + offset);
    *block = (struct link){.next = free_lists[order]};
    if (block->next != NULL) block->next->previous = block;
    free_lists[order] = block;
    *tag_at(offset) = (unsigned char)(order | FREE);
}

static void take_out(size_t offset, unsigned order)
{
    struct link *block = (struct link *)(pool + offset);
    if (block->next != NULL) block->next->previous = block->previous;
    if (block->previous != NULL)
        block->previous->next = block->next;
    else
        free_lists[order] = block->next;
}

/// Makes a block of `from` one of order `to`: each time the upper half is free.
static void cut(size_t offset, unsigned from, unsigned to)
{
    while (from > to) {
        from--;
        push(offset + ((size_t)1 << from), from);
    }
    *tag_at(offset) = (unsigned char)to;
}

// ---------------------------------------------------------------------------- the pool

/// Maps twice as much and gives back both ends, for a pool at a multiple of its size. What munmap
/// refuses stays mapped, and unused.
static bool open_pool(void)
{
    unsigned char *mapping =
        mmap(NULL, 2 * POOL_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) return false;
    const size_t below = -(uintptr_t)mapping & (POOL_SIZE - 1);
    pool = mapping + below;
    if (below != 0) (void)munmap(mapping, below);
    (void)munmap(pool + POOL_SIZE, POOL_SIZE - below);
    push(0, ORDER_MOST);
    return true;
}

// ---------------------------------------------------------------------------- blocks

/// The least order of at least `size` bytes. pre: 0 < size <= POOL_SIZE.
static unsigned order_of(size_t size)
{
    unsigned order = ORDER_LEAST;
    while ((size_t)1 << order < size)
        order++;
    return order;
}

void *small_allocate(size_t alignment, size_t size)
{
    if (size == 0) return NULL;
    if (size > POOL_SIZE || alignment > POOL_SIZE) return small_no_memory();
    if (pool == NULL && !open_pool()) return small_no_memory();

    const unsigned order = order_of(size > alignment ? size : alignment);
    unsigned from = order;
    while (from <= ORDER_MOST && free_lists[from] == NULL)
        from++;
    if (from > ORDER_MOST) return small_no_memory();
    struct link *block = free_lists[from];
    take_out(offset_of(block), from);
    cut(offset_of(block), from, order);
    return block;
}

void small_release(void *block)
{
    size_t offset = offset_of(block);
    unsigned order = *tag_at(offset);
    for (; order < ORDER_MOST; order++) {
        const size_t buddy = offset ^ (size_t)1 << order;
        if (*tag_at(buddy) != (order | FREE)) break;
        take_out(buddy, order);
        if (buddy < offset) offset = buddy;
    }
    push(offset, order);
}

size_t small_usable(const void *block)
{
    return (size_t)1 << *tag_at(offset_of(block));
}

/// Smaller: halves are cut off. Larger: the half above may be live, so a new block is sought.
bool small_resize(void *block, size_t size)
{
    if (size == 0 || size > small_usable(block)) return false;
    cut(offset_of(block), *tag_at(offset_of(block)), order_of(size));
    return true;
}

// ---------------------------------------------------------------------------- for heapduel

SMALL_EXPORT size_t heapduel_capacity(void)
{
    return POOL_SIZE;
}

static bool list_is_sound(unsigned order, size_t *count)
{
    const struct link *previous = NULL;
    for (const struct link *block = free_lists[order]; block != NULL; block = block->next) {
        if (block->previous != previous || *tag_at(offset_of(block)) != (order | FREE))
            return false;
        if (++*count > POOL_SIZE >> ORDER_LEAST) return false; // a cycle
        previous = block;
    }
    return true;
}

/// Blocks cover the pool, each at a multiple of its size; no two free buddies; the free ones are in
/// the lists.
SMALL_EXPORT bool heapduel_consistent(void)
{
    if (pool == NULL) return true;
    size_t listed = 0;
    for (unsigned order = ORDER_LEAST; order <= ORDER_MOST; order++)
        if (!list_is_sound(order, &listed)) return false;

    size_t offset = 0;
    size_t free_count = 0;
    while (offset < POOL_SIZE) {
        const unsigned tag = *tag_at(offset);
        const unsigned order = tag & ~(unsigned)FREE;
        if (order < ORDER_LEAST || order > ORDER_MOST) return false;
        const size_t extent = (size_t)1 << order;
        if (offset % extent != 0) return false;
        const bool paired = order < ORDER_MOST && *tag_at(offset ^ extent) == tag;
        if ((tag & FREE) != 0 && paired) return false;
        free_count += (tag & FREE) != 0;
        offset += extent;
    }
    return free_count == listed;
}
