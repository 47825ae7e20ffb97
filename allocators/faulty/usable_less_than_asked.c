// SPDX-License-Identifier: MIT
/// usable_less_than_asked.c: malloc_usable_size takes a header off twice.
#include "allocators/faulty/correct.h"

enum { HEADER = 16 };

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    return block == NULL ? 0 : correct_usable_size(block) - HEADER;
}
