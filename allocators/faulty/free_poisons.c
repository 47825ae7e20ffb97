// SPDX-License-Identifier: MIT
/// free_poisons.c: free overwrites every byte of the freed block. Allowed.
#include "allocators/faulty/correct.h"

#include <string.h>

FAULTY_EXPORT void free(void *block)
{
    if (block != NULL) memset(block, 0xdd, correct_usable_size(block));
    correct_free(block);
}
