// SPDX-License-Identifier: MIT
/// free_null_cached.c: free puts NULL into its cache like a block, and malloc hands it out.
#include "allocators/faulty/correct.h"

enum { CACHED = 8, SMALL = 64 };

static void *cache[CACHED]; // each has SMALL usable bytes or more
static unsigned count;

FAULTY_EXPORT void free(void *block)
{
    const bool small = correct_usable_size(block) < SMALL;
    if (count == CACHED || (block != NULL && small))
        correct_free(block);
    else
        cache[count++] = block;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    return size <= SMALL && count > 0 ? cache[--count] : correct_malloc(size);
}
