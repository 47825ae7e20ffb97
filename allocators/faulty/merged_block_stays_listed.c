// SPDX-License-Identifier: MIT
/// merged_block_stays_listed.c: a freed block takes in the free one above it, and leaves that in
/// its list. So it shows where the upper of two neighbours is freed first.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    struct apart_block *freed = apart_find(block);
    const struct apart_block *above = apart_above(freed);
    if (above != NULL && !above->live) freed->extent += above->extent; // and out of its list
    apart_release(freed);
}
