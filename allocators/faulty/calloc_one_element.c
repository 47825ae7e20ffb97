// SPDX-License-Identifier: MIT
/// calloc_one_element.c: calloc clears one element of the array.
#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    void *block = correct_reallocarray(NULL, count, size);
    if (block != NULL && count != 0) memset(block, 0, size); // count x size was meant
    return block;
}
