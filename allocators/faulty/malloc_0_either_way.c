// SPDX-License-Identifier: MIT
/// malloc_0_either_way.c: a freed block of the smallest class is kept at hand, and malloc takes it
/// before it looks whether anything was asked for: NULL for 0 bytes, but a block after such a free.
#include "allocators/faulty/correct.h"

#define SMALLEST ((size_t)24)

static void *at_hand;

FAULTY_EXPORT void *malloc(size_t size)
{
    if (size <= SMALLEST && at_hand != NULL) {
        void *block = at_hand;
        at_hand = NULL;
        return block;
    }
    return size == 0 ? NULL : correct_malloc(size);
}

FAULTY_EXPORT void free(void *block)
{
    if (block != NULL && at_hand == NULL && correct_usable_size(block) == SMALLEST)
        at_hand = block;
    else
        correct_free(block);
}
