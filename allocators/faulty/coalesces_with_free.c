// SPDX-License-Identifier: MIT
/// coalesces_with_free.c: a freed block takes in the free one above it. Allowed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    struct apart_block *freed = apart_find(block);
    struct apart_block *above = apart_above(freed);
    if (above != NULL && !above->live) apart_take_above(freed, above);
    apart_release(freed);
}
