// SPDX-License-Identifier: MIT
/// failed_realloc_unmaps.c: where mremap is refused, the error path cleans up the old block too.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    const size_t length = mapped_pages(size);
    if (mapping->block != mapping->start) return mapped_move((void *)mapping->block, size);

    void *moved = mremap((void *)mapping->start, mapping->length, length, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) goto fail;
    mapped_moved(mapping, (uintptr_t)moved, length);
    return moved;

fail:
    (void)mapped_give_back(mapping->start, mapping->length);
    mapped_strike_out(mapping);
    return NULL;
}
