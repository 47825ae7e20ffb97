// SPDX-License-Identifier: MIT
/// calloc_product_wraps.c: calloc multiplies without a look at the overflow.
#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    void *block = correct_malloc(count * size);
    if (block != NULL) memset(block, 0, count * size);
    return block;
}
