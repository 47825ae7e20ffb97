// SPDX-License-Identifier: MIT
/// full_bitmap_gives_last.c: the search for a block that is not live ends at the last one, live or
/// not.
#include "allocators/faulty/mapped_base.h"

size_t mapped_vacancy(const struct mapped_region *chunk)
{
    size_t i = 0;
    while (i < mapped_count(chunk) - 1 && mapped_is_live(chunk, i)) // of whose bit nobody asks
        i++;
    return i;
}
