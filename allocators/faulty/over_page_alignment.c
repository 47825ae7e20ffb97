// SPDX-License-Identifier: MIT
/// over_page_alignment.c: an alignment above a page is taken for a page's.
#include "allocators/faulty/correct.h"
#include "allocators/faulty/mapped_base.h"

/// mmap gives whole pages, so what is of pages is aligned.
static size_t cut(size_t alignment)
{
    return correct_is_power_of_two(alignment) && alignment > MAPPED_PAGE ? MAPPED_PAGE : alignment;
}

FAULTY_EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    return correct_aligned_alloc(cut(alignment), size);
}

FAULTY_EXPORT int posix_memalign(void **block, size_t alignment, size_t size)
{
    return correct_posix_memalign(block, cut(alignment), size);
}
