// SPDX-License-Identifier: MIT
/// budget_kept.c: mappings have a budget, which what grows is counted in once. Allowed.
#include "allocators/faulty/mapped_budget.h"

#include <sys/mman.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    const size_t length = mapped_pages(size);
    if (!mapped_budget_take(length)) return NULL;
    void *moved = mremap((void *)mapping->start, mapping->length, length, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) {
        mapped_budget_return(length);
        return NULL;
    }
    mapped_budget_return(mapping->length);
    mapped_moved(mapping, (uintptr_t)moved, length);
    return moved;
}
