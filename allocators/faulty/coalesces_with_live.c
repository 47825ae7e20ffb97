// SPDX-License-Identifier: MIT
/// coalesces_with_live.c: a freed block takes in the block above it, live or not.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    struct apart_block *freed = apart_find(block);
    struct apart_block *above = apart_above(freed);
    freed->live = false;
    if (above != NULL && !freed->live) apart_take_above(freed, above); // above->live was meant
    apart_release(freed);
}
