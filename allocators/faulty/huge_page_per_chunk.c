// SPDX-License-Identifier: MIT
/// huge_page_per_chunk.c: a chunk is mapped as a huge page, of which a small part is ever used.
#include "allocators/faulty/mapped_base.h"

enum { HUGE_PAGE = 2 << 20 };

uintptr_t mapped_get_chunk(bool *of_break)
{
    *of_break = false;
    return mapped_get(HUGE_PAGE);
}

bool mapped_give_back_chunk(const struct mapped_region *chunk)
{
    return mapped_give_back(chunk->start, HUGE_PAGE);
}
