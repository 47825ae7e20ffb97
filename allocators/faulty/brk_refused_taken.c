// SPDX-License-Identifier: MIT
/// brk_refused_taken.c: the heap begins where the break was, whatever came of raising it.
#include "allocators/faulty/mapped_base.h"

#include <unistd.h>

uintptr_t mapped_get_chunk(bool *of_break)
{
    const uintptr_t now = (uintptr_t)sbrk(0);
    const uintptr_t start = mapped_pages(now);
    (void)sbrk((intptr_t)(start - now + MAPPED_CHUNK)); // its answer is what tells
    *of_break = true;
    return start;
}
