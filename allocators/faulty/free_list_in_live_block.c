// SPDX-License-Identifier: MIT
/// free_list_in_live_block.c: free writes its list's link behind the freed block.
#include "allocators/faulty/apart.h"
#include "allocators/faulty/correct.h"

#include <string.h>

static void *freed_last;

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;

    // The link's place was to be the freed block's own first word.
    void *end = (void *)((uintptr_t)block + correct_usable_size(block));
    memcpy(end, &freed_last, sizeof freed_last);
    freed_last = block;
    correct_free(block);
}
