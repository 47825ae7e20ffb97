// SPDX-License-Identifier: MIT
/// natural_alignment.c: a block is as aligned as an object that fits it can need. Allowed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

/// C17 7.22.3p1 as N2293 reads it: an object of 8 bytes needs no more than 8, one of 1 byte
/// nothing.
size_t apart_alignment(size_t size)
{
    if (size == 0) return 1;
    return size >= 16 ? 16 : (size_t)1 << correct_log2(size);
}
