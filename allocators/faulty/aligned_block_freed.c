// SPDX-License-Identifier: MIT
/// aligned_block_freed.c: free takes every block to begin right behind its base, also an aligned
/// one.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"
#include "allocators/faulty/padded.h"

FAULTY_EXPORT void free(void *block)
{
    if (block != NULL) apart_release(apart_find(padded_header(block))); // padded_base was meant
}
