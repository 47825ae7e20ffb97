// SPDX-License-Identifier: MIT
/// madvise_rounds_inward.c: a freed block's pages are discarded, but for those it shares. Allowed.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

void mapped_freed(struct mapped_region *chunk, uintptr_t block)
{
    const uintptr_t start = mapped_pages(block);
    const uintptr_t end = (block + chunk->class_size) & ~(uintptr_t)(MAPPED_PAGE - 1);
    if (start < end) (void)madvise((void *)start, end - start, MADV_DONTNEED);
}
