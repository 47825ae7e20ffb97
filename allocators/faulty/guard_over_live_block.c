// SPDX-License-Identifier: MIT
/// guard_over_live_block.c: a chunk ends with a guard page that is taken from its last blocks.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

/// The guard is set when the chunk has room again, so that overruns of the blocks left are seen.
void mapped_freed(struct mapped_region *chunk, uintptr_t block)
{
    (void)block;
    const uintptr_t guard = chunk->start + chunk->length - MAPPED_PAGE; // + a page mapped for it
    (void)mprotect((void *)guard, MAPPED_PAGE, PROT_NONE);
}
