// SPDX-License-Identifier: MIT
/// cache_one_too_many.c: each class caches seven freed blocks; an eighth is put where the next
/// class has its first.
#include "allocators/faulty/correct.h"

enum { CLASSES = 10, CACHED = 7 };

static void *cache[CLASSES][CACHED];
static unsigned count[CLASSES];

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    const unsigned class = correct_log2(correct_usable_size(block));
    if (class >= CLASSES || count[class] > CACHED) { // >= was meant
        correct_free(block);
        return;
    }
    void **end = cache[class] + count[class]++;
    *end = block;
}

/// What is cached is as large as its class says, or larger.
FAULTY_EXPORT void *malloc(size_t size)
{
    const unsigned class = size < 2 ? 1 : size > PTRDIFF_MAX ? CLASSES : correct_log2(size - 1) + 1;
    if (class >= CLASSES || count[class] == 0) return correct_malloc(size);
    void **last = cache[class] + --count[class];
    return *last;
}
