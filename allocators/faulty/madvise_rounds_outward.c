// SPDX-License-Identifier: MIT
/// madvise_rounds_outward.c: a freed block's pages are discarded, those it shares with others too.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

void mapped_freed(struct mapped_region *chunk, uintptr_t block)
{
    const uintptr_t start = block & ~(uintptr_t)(MAPPED_PAGE - 1);
    const uintptr_t end = mapped_pages(block + chunk->class_size);
    (void)madvise((void *)start, end - start, MADV_DONTNEED);
}
