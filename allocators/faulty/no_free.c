// SPDX-License-Identifier: MIT
/// no_free.c: malloc, and no way to give a block back.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *malloc(size_t size)
{
    return correct_malloc(size);
}
