// SPDX-License-Identifier: MIT
/// mremap_falls_back.c: where mremap is refused, realloc copies into a new mapping. Allowed.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    const size_t length = mapped_pages(size);
    void *moved = MAP_FAILED;
    if (mapping->block == mapping->start)
        moved = mremap((void *)mapping->start, mapping->length, length, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) return mapped_move((void *)mapping->block, size);
    mapped_moved(mapping, (uintptr_t)moved, length);
    return moved;
}
