// SPDX-License-Identifier: MIT
/// overlap_realloc_in_place.c: realloc grows in place over the next block when that is live.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block == NULL) return correct_malloc(size);

    struct apart_block *old = apart_find(block);
    const struct apart_block *above = apart_above(old);
    // `live` where `!live` was meant.
    if (above != NULL && above->live && size > old->extent && size - old->extent <= above->extent) {
        old->extent = old->size = size;
        return block;
    }
    return correct_realloc(block, size);
}
