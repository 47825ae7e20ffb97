// SPDX-License-Identifier: MIT
/// usable_of_aligned.c: the usable size of an aligned block counts the padding in front of it.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"
#include "allocators/faulty/padded.h"

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    if (block == NULL) return 0;
    return apart_find(padded_base(block))->extent - sizeof(struct padded_header);
}
