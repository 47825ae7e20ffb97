// SPDX-License-Identifier: MIT
/// realloc_leaks_mapping.c: a block that grows moves to a new mapping, the old one is forgotten.
#include "allocators/faulty/mapped_base.h"

#include <string.h>

void *mapped_resize(struct mapped_region *mapping, size_t size)
{
    const size_t usable = mapping->start + mapping->length - mapping->block;
    if (size < usable) return mapped_move((void *)mapping->block, size);

    const uintptr_t moved = mapped_get(mapped_pages(size));
    if (moved == 0) return NULL;
    memcpy((void *)moved, (void *)mapping->block, usable);
    mapped_moved(mapping, moved, mapped_pages(size)); // where it was nobody knows any more
    return (void *)moved;
}
