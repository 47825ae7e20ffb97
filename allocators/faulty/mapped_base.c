// SPDX-License-Identifier: MIT
/// mapped_base.c: chunks and mappings, and the table of both.
#include "allocators/faulty/mapped_base.h"

#include "allocators/faulty/correct.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HOOK __attribute__((weak))

enum { REGIONS_MAX = 8192 };

static struct {
    struct mapped_region *sorted[REGIONS_MAX]; // by rising start
    size_t count;
    struct mapped_region regions[REGIONS_MAX];
    size_t taken;
    struct mapped_region *free_list;
} table;

// ---------------------------------------------------------------------------- the kernel

uintptr_t mapped_kernel_get(size_t length)
{
    void *start =
        mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return start == MAP_FAILED ? 0 : (uintptr_t)start;
}

bool mapped_kernel_give_back(uintptr_t start, size_t length)
{
    return munmap((void *)start, length) == 0;
}

/// Somebody else may have left the break inside a page.
uintptr_t mapped_chunk_of_break(void)
{
    const uintptr_t now = (uintptr_t)sbrk(0);
    const uintptr_t start = mapped_pages(now);
    if (sbrk((intptr_t)(start - now + MAPPED_CHUNK)) == (void *)-1) return 0;
    return start;
}

HOOK uintptr_t mapped_get(size_t length) { return mapped_kernel_get(length); }

HOOK bool mapped_give_back(uintptr_t start, size_t length)
{
    return mapped_kernel_give_back(start, length);
}

HOOK uintptr_t mapped_get_chunk(bool *of_break)
{
    const uintptr_t start = mapped_chunk_of_break();
    *of_break = start != 0;
    return start != 0 ? start : mapped_get(MAPPED_CHUNK);
}

HOOK bool mapped_give_back_chunk(const struct mapped_region *chunk)
{
    if (!chunk->of_break) return mapped_give_back(chunk->start, chunk->length);
    if ((uintptr_t)sbrk(0) != chunk->start + chunk->length) return false;
    return sbrk(-(intptr_t)chunk->length) != (void *)-1;
}

HOOK void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    return mapped_move((void *)mapping->start, size);
}

HOOK size_t mapped_vacancy(const struct mapped_region *chunk)
{
    const size_t count = mapped_count(chunk);
    size_t i = chunk->live < count ? 0 : count;
    while (i < count && mapped_is_live(chunk, i))
        i++;
    return i;
}

HOOK void mapped_freed(struct mapped_region *chunk, uintptr_t block)
{
    (void)chunk;
    (void)block;
}

// ---------------------------------------------------------------------------- the table

/// How many regions start at or before `address`.
static size_t rank(uintptr_t address)
{
    size_t low = 0, high = table.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (table.sorted[middle]->start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void put_in(struct mapped_region *region)
{
    const size_t place = rank(region->start);
    memmove(&table.sorted[place + 1], &table.sorted[place],
            (table.count - place) * sizeof table.sorted[0]);
    table.sorted[place] = region;
    table.count++;
}

static void take_out(const struct mapped_region *region)
{
    size_t place = rank(region->start);
    while (place > 0 && table.sorted[place - 1] != region)
        place--;
    if (place == 0) abort();
    table.count--;
    memmove(&table.sorted[place - 1], &table.sorted[place],
            (table.count - place + 1) * sizeof table.sorted[0]);
}

static bool table_is_full(void) { return table.free_list == NULL && table.taken == REGIONS_MAX; }

/// pre: the table is not full.
static struct mapped_region *add(uintptr_t start, size_t length)
{
    struct mapped_region *region = table.free_list;
    if (region != NULL)
        table.free_list = region->next_free;
    else
        region = &table.regions[table.taken++];
    memset(region, 0, sizeof *region);
    region->start = start;
    region->length = length;
    put_in(region);
    return region;
}

void mapped_strike_out(struct mapped_region *mapping)
{
    take_out(mapping);
    mapping->next_free = table.free_list;
    table.free_list = mapping;
}

void mapped_moved(struct mapped_region *mapping, uintptr_t start, size_t length)
{
    take_out(mapping);
    mapping->start = start;
    mapping->length = length;
    put_in(mapping);
}

/// The region that a live block lies in. Anything else is a caller's error and aborts.
static struct mapped_region *find(const void *block)
{
    const size_t place = rank((uintptr_t)block);
    struct mapped_region *region = place > 0 ? table.sorted[place - 1] : NULL;
    if (region != NULL && (uintptr_t)block - region->start < region->length &&
        (region->class_size != 0 || region->start == (uintptr_t)block))
        return region;

    static const char line[] = "mapped_base: not a live block\n";
    (void)!write(STDERR_FILENO, line, sizeof line - 1);
    abort();
}

// ---------------------------------------------------------------------------- chunks

static size_t class_of(size_t alignment, size_t size)
{
    size_t class_size = size > alignment ? size : alignment;
    if (class_size < MAPPED_GRAIN) class_size = MAPPED_GRAIN;
    return (size_t)1 << (correct_log2(class_size - 1) + 1);
}

/// A chunk of the class with room, or an empty one of any, and which of its blocks.
static struct mapped_region *chunk_with_room(size_t class_size, size_t *vacancy)
{
    for (size_t i = 0; i < table.count; i++) {
        struct mapped_region *region = table.sorted[i];
        if (region->class_size == 0) continue;
        if (region->live == 0) region->class_size = class_size;
        if (region->class_size != class_size) continue;
        *vacancy = mapped_vacancy(region);
        if (*vacancy < mapped_count(region)) return region;
    }
    return NULL;
}

static struct mapped_region *new_chunk(size_t class_size)
{
    if (table_is_full()) return NULL;
    bool of_break = false;
    const uintptr_t start = mapped_get_chunk(&of_break);
    if (start == 0) return NULL;
    struct mapped_region *chunk = add(start, MAPPED_CHUNK);
    chunk->class_size = class_size;
    chunk->of_break = of_break;
    return chunk;
}

static void *allocate_small(size_t class_size)
{
    size_t i = 0;
    struct mapped_region *chunk = chunk_with_room(class_size, &i);
    if (chunk == NULL) {
        chunk = new_chunk(class_size);
        i = 0;
    }
    if (chunk == NULL) return NULL;

    chunk->used[i / 64] |= UINT64_C(1) << i % 64;
    chunk->live++;
    return (void *)(chunk->start + i * class_size);
}

static void release_small(struct mapped_region *chunk, uintptr_t block)
{
    const size_t i = (block - chunk->start) / chunk->class_size;
    mapped_freed(chunk, block);
    chunk->used[i / 64] &= ~(UINT64_C(1) << i % 64);
    chunk->live--;
    if (chunk->live == 0 && mapped_give_back_chunk(chunk)) mapped_strike_out(chunk);
}

// ---------------------------------------------------------------------------- mappings

/// What alignment left over goes back; where that is refused, the pages are lost.
static void cut_slack(uintptr_t start, uintptr_t end, uintptr_t block, uintptr_t block_end)
{
    if (start < block) (void)mapped_give_back(start, block - start);
    if (block_end < end) (void)mapped_give_back(block_end, end - block_end);
}

static void *allocate_large(size_t alignment, size_t size)
{
    size_t length = mapped_pages(size);
    if (alignment > MAPPED_PAGE && __builtin_add_overflow(length, alignment, &length)) return NULL;
    if (length > PTRDIFF_MAX || table_is_full()) return NULL;
    const uintptr_t start = mapped_get(length);
    if (start == 0) return NULL;

    const uintptr_t block = (start + alignment - 1) & ~(uintptr_t)(alignment - 1);
    cut_slack(start, start + length, block, block + mapped_pages(size));
    add(block, mapped_pages(size));
    return (void *)block;
}

// ---------------------------------------------------------------------------- blocks

void *mapped_allocate(size_t alignment, size_t size)
{
    if (size > PTRDIFF_MAX - MAPPED_PAGE) return NULL;
    if (size <= MAPPED_SMALL && alignment <= MAPPED_PAGE)
        return allocate_small(class_of(alignment, size));
    return allocate_large(alignment, size > 0 ? size : 1);
}

void mapped_release(void *block)
{
    struct mapped_region *region = find(block);
    if (region->class_size != 0) {
        release_small(region, (uintptr_t)block);
        return;
    }
    (void)mapped_give_back(region->start, region->length);
    mapped_strike_out(region);
}

size_t mapped_usable(void *block)
{
    const struct mapped_region *region = find(block);
    return region->class_size != 0 ? region->class_size : region->length;
}

void *mapped_move(void *block, size_t size)
{
    const size_t usable = mapped_usable(block);
    void *moved = mapped_allocate(1, size);
    if (moved == NULL) return NULL;
    memcpy(moved, block, usable < size ? usable : size);
    mapped_release(block);
    return moved;
}

void *mapped_reallocate(void *block, size_t size)
{
    struct mapped_region *region = find(block);
    if (size > PTRDIFF_MAX - MAPPED_PAGE) return NULL;
    if (region->class_size != 0)
        return size <= region->class_size ? block : mapped_move(block, size);
    if (mapped_pages(size) == region->length) return block;
    return size <= MAPPED_SMALL ? mapped_move(block, size) : mapped_resize(region, size);
}
