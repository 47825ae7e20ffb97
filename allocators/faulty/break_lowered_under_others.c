// SPDX-License-Identifier: MIT
/// break_lowered_under_others.c: the last chunk from the break is taken to end at the break.
#include "allocators/faulty/mapped_base.h"

#include <unistd.h>

static uintptr_t last; // chunk of the break

uintptr_t mapped_get_chunk(bool *of_break)
{
    const uintptr_t start = mapped_chunk_of_break();
    *of_break = start != 0;
    if (start == 0) return mapped_get(MAPPED_CHUNK);
    last = start;
    return start;
}

bool mapped_give_back_chunk(const struct mapped_region *chunk)
{
    if (!chunk->of_break) return mapped_give_back(chunk->start, chunk->length);
    if (chunk->start != last) return false;
    last -= MAPPED_CHUNK;
    return brk((void *)chunk->start) == 0; // whoever called sbrk since
}
