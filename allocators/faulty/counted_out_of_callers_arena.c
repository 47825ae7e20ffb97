// SPDX-License-Identifier: MIT
/// counted_out_of_callers_arena.c: a freed block is counted out of the arena of who frees it.
#include "allocators/faulty/thread_arena.h"

static struct thread_arena *arena_of_freed(void *block)
{
    open_own_arena();
    return own_arena != NULL ? own_arena : arena_around(block);
}

static void arena_left(struct thread_arena *arena)
{
    if (arena->live == 0) give_arena_back(arena);
}
