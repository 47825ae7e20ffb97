// SPDX-License-Identifier: MIT
/// header_before_each_block.c: what an aligned block's padding was is found by its header. Allowed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"
#include "allocators/faulty/padded.h"

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    if (block == NULL) return 0;
    return apart_find(padded_base(block))->extent - padded_header(block)->offset;
}
