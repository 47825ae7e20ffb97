// SPDX-License-Identifier: MIT
/// null_check_missing.c: a refused chunk plus its header is no NULL any more.
#include "allocators/faulty/mapped_base.h"

enum { HEADER = MAPPED_PAGE };

/// A page in front of the chunk, for statistics.
static uintptr_t get_with_header(void)
{
    return mapped_get(HEADER + MAPPED_CHUNK) + HEADER; // what if it is 0?
}

uintptr_t mapped_get_chunk(bool *of_break)
{
    *of_break = false;
    return get_with_header();
}

bool mapped_give_back_chunk(const struct mapped_region *chunk)
{
    return mapped_give_back(chunk->start - HEADER, HEADER + MAPPED_CHUNK);
}
