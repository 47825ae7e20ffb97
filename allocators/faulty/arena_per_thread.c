// SPDX-License-Identifier: MIT
/// arena_per_thread.c: a freed block is counted out of its own arena, whoever frees it; an arena
/// goes with its thread where none of its blocks lives. Allowed.
#include "allocators/faulty/thread_arena.h"

static struct thread_arena *arena_of_freed(void *block)
{
    return arena_around(block);
}

static void arena_left(struct thread_arena *arena)
{
    if (arena->live == 0) give_arena_back(arena);
}
