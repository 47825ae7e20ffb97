// SPDX-License-Identifier: MIT
/// malloc_8_aligned.c: every block is a multiple of 8, and no more.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

size_t apart_alignment(size_t size)
{
    (void)size;
    return sizeof(void *);
}
