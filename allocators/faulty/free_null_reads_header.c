// SPDX-License-Identifier: MIT
/// free_null_reads_header.c: free looks at the header in front of a block before it looks for NULL.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void free(void *block)
{
    const volatile size_t *size_flags = (size_t *)block - 1;
    const bool in_use = *size_flags % 2 != 0;
    if (block != NULL && in_use) correct_free(block);
}
