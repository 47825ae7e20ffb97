// SPDX-License-Identifier: MIT
/// free_deferred.c: a freed block stays in use for the heap until the next is freed. Allowed.
#include "allocators/faulty/correct.h"

static void *waiting;

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;
    correct_free(waiting);
    waiting = block;
}
