// SPDX-License-Identifier: MIT
/// arena.c: one mmap, a bump pointer.
///
///     | guard | reserved ...                          | guard |
///
/// The guards are for allocators under test: one that unmaps or discards a page more than it has
/// hits a guard, and lives to be judged, where it would take the model from under the engine.
#include "harness/base/arena.h"

#include "allocators/status.h"
#include "harness/base/page.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARD HD_PAGE

// Few, and rarely opened. An entry with base 0 is free.
static struct {
    uintptr_t base;
    size_t size;
} open_arenas[HD_ARENAS_MAX];

void hd_arena_note(const void *base, size_t size)
{
    size_t i = 0;
    while (i < HD_ARENAS_MAX && open_arenas[i].base != 0)
        i++;
    HD_ASSERT(i < HD_ARENAS_MAX);
    open_arenas[i].base = (uintptr_t)base;
    open_arenas[i].size = hd_whole_pages(size);
}

static void cross_out(const struct hd_arena *arena)
{
    for (size_t i = 0; i < HD_ARENAS_MAX; i++)
        if (open_arenas[i].base == (uintptr_t)arena->base) open_arenas[i].base = 0;
}

bool hd_arena_holds(uintptr_t address)
{
    for (size_t i = 0; i < HD_ARENAS_MAX; i++)
        if (open_arenas[i].base != 0 && address - open_arenas[i].base < open_arenas[i].size)
            return true;
    return false;
}

size_t hd_arena_ranges(struct hd_arena_range ranges[HD_ARENAS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < HD_ARENAS_MAX; i++)
        if (open_arenas[i].base != 0)
            ranges[count++] = (struct hd_arena_range){
                .start = open_arenas[i].base, .end = open_arenas[i].base + open_arenas[i].size};
    return count;
}

static _Noreturn void out_of_memory(void)
{
    static const char text[] = "heapduel: out of memory for the harness itself; raise ulimit -v, "
                               "or run a smaller trace\n";
    (void)!write(STDERR_FILENO, text, sizeof text - 1);
    _exit(HD_UNAVAILABLE);
}

/// Of `size` bytes, page multiple or not; NULL: refused.
static void *reserve(size_t size)
{
    uint8_t *guard = mmap(NULL, GUARD + hd_whole_pages(size) + GUARD, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (guard == MAP_FAILED) return NULL;
    if (mprotect(guard + GUARD, size, PROT_READ | PROT_WRITE) == 0) return guard + GUARD;
    (void)munmap(guard, GUARD + hd_whole_pages(size) + GUARD);
    return NULL;
}

void hd_arena_open(struct hd_arena *arena, size_t size_max)
{
    for (size_t size = size_max; size >= size_max / 64; size /= 2) {
        void *base = reserve(size);
        if (base == NULL) continue;
        (void)madvise(base, size, MADV_DONTDUMP); // only makes core files smaller
        *arena = (struct hd_arena){.base = base, .reserved = size};
        hd_arena_note(base, size);
        return;
    }
    out_of_memory();
}

void hd_arena_close(struct hd_arena *arena)
{
    cross_out(arena);
    HD_ASSERT(munmap(arena->base - GUARD, GUARD + hd_whole_pages(arena->reserved) + GUARD) == 0);
    *arena = (struct hd_arena){0};
}

void *hd_arena_take(struct hd_arena *arena, size_t size, size_t alignment)
{
    HD_ASSERT(alignment != 0 && (alignment & (alignment - 1)) == 0);
    const size_t start = (arena->used + alignment - 1) & ~(alignment - 1);
    if (start > arena->reserved || size > arena->reserved - start) out_of_memory();
    arena->used = start + size;
    return arena->base + start;
}

void hd_arena_extend(struct hd_arena *arena, const void *piece, size_t old_size, size_t new_size)
{
    const size_t start = (size_t)((const uint8_t *)piece - arena->base);
    HD_ASSERT(start + old_size == arena->used);
    if (new_size > arena->reserved - start) out_of_memory();
    arena->used = start + new_size;
}

void hd_arena_reset(struct hd_arena *arena, size_t used)
{
    HD_ASSERT(used <= arena->used);
    arena->used = used;
}
