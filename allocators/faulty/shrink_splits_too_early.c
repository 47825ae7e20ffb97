// SPDX-License-Identifier: MIT
/// shrink_splits_too_early.c: a shrinking realloc makes a free piece of the rest, from where the
/// size is rounded down.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

struct rest {
    size_t extent;
};

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);

    struct apart_block *old = apart_find(block);
    const size_t kept = size & ~(size_t)15; // + 15 is what is missing
    if (kept > 0 && kept < old->extent) {
        struct rest *rest = (struct rest *)(old->start + kept);
        rest->extent = old->extent - kept;
    }
    return correct_realloc(block, size);
}
