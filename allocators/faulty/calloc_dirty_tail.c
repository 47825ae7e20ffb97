// SPDX-License-Identifier: MIT
/// calloc_dirty_tail.c: the usable bytes behind calloc's count x size are not zero. Allowed.
#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void *calloc(size_t count, size_t size)
{
    char *block = correct_calloc(count, size);
    if (block == NULL) return NULL;
    const size_t asked = count * size; // fits: correct_calloc has looked
    memset(block + asked, 0xa5, correct_usable_size(block) - asked);
    return block;
}
