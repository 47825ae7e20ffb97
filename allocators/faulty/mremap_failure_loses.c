// SPDX-License-Identifier: MIT
/// mremap_failure_loses.c: where mremap is refused a new mapping takes over, and nothing is copied.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    const size_t length = mapped_pages(size);
    if (mapping->block != mapping->start) return mapped_move((void *)mapping->block, size);

    void *moved = mremap((void *)mapping->start, mapping->length, length, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) {
        moved = (void *)mapped_get(length);
        if (moved == NULL) return NULL;
        (void)mapped_give_back(mapping->start, mapping->length); // a memcpy before it is missing
    }
    mapped_moved(mapping, (uintptr_t)moved, length);
    return moved;
}
