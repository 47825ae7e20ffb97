// SPDX-License-Identifier: MIT
/// budget_counted_twice.c: mappings have a budget; what grows is counted as if it were new.
#include "allocators/faulty/mapped_budget.h"

#include <sys/mman.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    const size_t length = mapped_pages(size);
    if (!mapped_budget_take(length)) return NULL; // and what it had is not given back
    void *moved = mremap((void *)mapping->start, mapping->length, length, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) {
        mapped_budget_return(length);
        return NULL;
    }
    mapped_moved(mapping, (uintptr_t)moved, length);
    return moved;
}
