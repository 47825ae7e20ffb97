// SPDX-License-Identifier: MIT
/// overlap_split_remainder.c: a block takes its size rounded down, and the next begins inside it.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

size_t apart_extent(size_t size)
{
    const size_t units = size / 16; // + 15, before the division, is what is missing
    return (units == 0 ? 1 : units) * 16;
}
