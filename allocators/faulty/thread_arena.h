// SPDX-License-Identifier: MIT
/// thread_arena.h: an arena for each thread's small blocks, for one file of a library to include.
///
/// An arena is a mapping. It is handed out from one end to the other, and starts anew when none of
/// its blocks lives. What finds no room there, and all that malloc was not asked for, comes from
/// the correct allocator. Who includes this defines arena_of_freed and arena_left.
///
///   arena     | live, used | size | block | size | block | ...        aligned as it is large
#ifndef FAULTY_THREAD_ARENA_H
#define FAULTY_THREAD_ARENA_H

#include "allocators/faulty/correct.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

enum { ARENA_BYTES = 64 << 10, ARENA_GRAIN = 16, ARENA_SMALL = 512, ARENAS_MAX = 256 };

struct thread_arena {
    size_t live; // blocks
    size_t used; // bytes, this struct's among them
};

/// The arena that a block is counted out of when the calling thread frees it.
static struct thread_arena *arena_of_freed(void *block);
/// Told, with the lock held, of the arena of a thread that has ended.
static void arena_left(struct thread_arena *arena);

static pthread_mutex_t arenas_lock = PTHREAD_MUTEX_INITIALIZER;
static struct thread_arena *arenas[ARENAS_MAX];
static size_t arena_count;
static _Thread_local struct thread_arena *own_arena __attribute__((tls_model("initial-exec")));

/// Where the arena lies that a block is of; NULL: it is of none.
static struct thread_arena *arena_around(const void *block)
{
    struct thread_arena *around = (void *)((uintptr_t)block & ~(uintptr_t)(ARENA_BYTES - 1));
    for (size_t i = 0; i < arena_count; i++)
        if (arenas[i] == around) return around;
    return NULL;
}

static pthread_key_t arena_key; // the thread's arena, for its end

static void end_thread(void *arena)
{
    (void)pthread_mutex_lock(&arenas_lock);
    own_arena = NULL;
    arena_left(arena);
    (void)pthread_mutex_unlock(&arenas_lock);
}

__attribute__((constructor)) static void watch_threads(void)
{
    if (pthread_key_create(&arena_key, end_thread) != 0) abort();
}

/// Aligned as it is large; NULL: refused.
static void *map_arena(void)
{
    const size_t twice = 2 * ARENA_BYTES;
    uint8_t *start = mmap(NULL, twice, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    const size_t before = -(uintptr_t)start & (ARENA_BYTES - 1);
    if (before > 0) (void)munmap(start, before);
    (void)munmap(start + before + ARENA_BYTES, ARENA_BYTES - before);
    return start + before;
}

static void give_arena_back(struct thread_arena *arena)
{
    size_t i = 0;
    while (arenas[i] != arena)
        i++;
    arenas[i] = arenas[--arena_count];
    (void)munmap(arena, ARENA_BYTES);
}

static void open_own_arena(void)
{
    if (own_arena != NULL || arena_count == ARENAS_MAX) return;
    struct thread_arena *arena = map_arena();
    if (arena == NULL) return;
    *arena = (struct thread_arena){.used = sizeof *arena};
    arenas[arena_count++] = own_arena = arena;
    (void)pthread_setspecific(arena_key, arena);
}

/// NULL: there is no room.
static void *take_from_own(size_t size)
{
    open_own_arena();
    const size_t bytes = (size + ARENA_GRAIN - 1) & ~(size_t)(ARENA_GRAIN - 1);
    struct thread_arena *arena = own_arena;
    if (arena == NULL || ARENA_BYTES - arena->used < ARENA_GRAIN + bytes) return NULL;
    size_t *header = (size_t *)((uintptr_t)arena + arena->used);
    *header = bytes;
    arena->used += ARENA_GRAIN + bytes;
    arena->live++;
    return (uint8_t *)header + ARENA_GRAIN;
}

static void count_out(struct thread_arena *arena)
{
    if (--arena->live == 0) arena->used = sizeof *arena;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    void *block = NULL;
    const int error = errno;
    (void)pthread_mutex_lock(&arenas_lock);
    if (size <= ARENA_SMALL) block = take_from_own(size > 0 ? size : 1);
    (void)pthread_mutex_unlock(&arenas_lock);
    errno = error; // of an arena that could not be had
    return block != NULL ? block : correct_malloc(size);
}

FAULTY_EXPORT void free(void *block)
{
    (void)pthread_mutex_lock(&arenas_lock);
    const bool is_ours = arena_around(block) != NULL;
    if (is_ours) count_out(arena_of_freed(block));
    (void)pthread_mutex_unlock(&arenas_lock);
    if (!is_ours) correct_free(block);
}

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    (void)pthread_mutex_lock(&arenas_lock);
    const bool is_ours = arena_around(block) != NULL;
    (void)pthread_mutex_unlock(&arenas_lock);
    return is_ours ? *(size_t *)((uint8_t *)block - ARENA_GRAIN) : correct_usable_size(block);
}

/// Out of the arena at once; what the correct allocator does with a size it does then.
FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    (void)pthread_mutex_lock(&arenas_lock);
    const bool is_ours = arena_around(block) != NULL;
    (void)pthread_mutex_unlock(&arenas_lock);
    if (!is_ours) return correct_realloc(block, size);
    const size_t usable = malloc_usable_size(block);
    void *moved = size > 0 ? correct_malloc(size) : correct_realloc(correct_malloc(1), 0);
    if (moved != NULL) memcpy(moved, block, usable < size ? usable : size);
    if (moved != NULL || size == 0) free(block);
    return moved;
}

FAULTY_EXPORT void *reallocarray(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (!__builtin_mul_overflow(count, size, &bytes)) return realloc(block, bytes);
    errno = ENOMEM;
    return NULL;
}

#endif
