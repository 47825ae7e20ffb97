// SPDX-License-Identifier: MIT
/// arena_goes_with_its_thread.c: when a thread ends its arena is unmapped, with what lives there.
#include "allocators/faulty/thread_arena.h"

static struct thread_arena *arena_of_freed(void *block)
{
    return arena_around(block);
}

static void arena_left(struct thread_arena *arena)
{
    give_arena_back(arena);
}
