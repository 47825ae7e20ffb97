// SPDX-License-Identifier: MIT
/// realloc_failure_frees.c: a realloc that fails has freed the old block.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    void *resized = correct_realloc(block, size);
    if (resized == NULL) correct_free(block); // reallocf does; realloc leaves it to the caller
    return resized;
}
