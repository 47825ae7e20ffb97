// SPDX-License-Identifier: MIT
/// usable_exact.c: malloc_usable_size answers exactly what was asked for. Allowed.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

FAULTY_EXPORT size_t malloc_usable_size(void *block)
{
    return block == NULL ? 0 : apart_find(block)->size;
}
