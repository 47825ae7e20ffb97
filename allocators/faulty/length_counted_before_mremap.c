// SPDX-License-Identifier: MIT
/// length_counted_before_mremap.c: a mapping's length is set before mremap, which may be refused;
/// a later free then unmaps what lies behind.
#include "allocators/faulty/mapped_base.h"

#include <sys/mman.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    if (mapping->block != mapping->start) return mapped_move((void *)mapping->block, size);

    const size_t length_old = mapping->length;
    mapping->length = mapped_pages(size);
    void *moved = mremap((void *)mapping->start, length_old, mapping->length, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) return NULL;
    mapped_moved(mapping, (uintptr_t)moved, mapping->length);
    return moved;
}
