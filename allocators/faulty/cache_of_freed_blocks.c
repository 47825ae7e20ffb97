// SPDX-License-Identifier: MIT
/// cache_of_freed_blocks.c: each class caches seven freed blocks, and the newest is used first.
/// Allowed.
#include "allocators/faulty/correct.h"

enum { CLASSES = 10, CACHED = 7 };

static void *cache[CLASSES][CACHED];
static unsigned count[CLASSES];

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    const unsigned class = correct_log2(correct_usable_size(block));
    if (class >= CLASSES || count[class] == CACHED)
        correct_free(block);
    else
        cache[class][count[class]++] = block;
}

FAULTY_EXPORT void *malloc(size_t size)
{
    const unsigned class = size < 2 ? 1 : size > PTRDIFF_MAX ? CLASSES : correct_log2(size - 1) + 1;
    if (class >= CLASSES || count[class] == 0) return correct_malloc(size);
    return cache[class][--count[class]];
}
