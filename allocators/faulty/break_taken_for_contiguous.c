// SPDX-License-Identifier: MIT
/// break_taken_for_contiguous.c: a new chunk is taken to begin where the last one from the break
/// ends, whoever moved it since.
#include "allocators/faulty/mapped_base.h"

#include <unistd.h>

static uintptr_t top; // the end of the last chunk; 0: none yet

uintptr_t mapped_get_chunk(bool *of_break)
{
    *of_break = true;
    if (top == 0)
        top = mapped_chunk_of_break();
    else if (sbrk(MAPPED_CHUNK) == (void *)-1) // what it returns is where the chunk begins
        return 0;
    else
        top += MAPPED_CHUNK;
    return top;
}

/// The heap only grows.
bool mapped_give_back_chunk(const struct mapped_region *chunk)
{
    (void)chunk;
    return false;
}
