// SPDX-License-Identifier: MIT
/// freed_class_reused.c: freed blocks are kept by class, and used again. Allowed.
#include "allocators/faulty/class_lists.h"

FAULTY_EXPORT void free(void *block)
{
    if (block != NULL) class_put(block);
}

FAULTY_EXPORT void *malloc(size_t size)
{
    return class_take(size);
}
