// SPDX-License-Identifier: MIT
/// free_clobbers_errno.c: free leaves the errno of a call that failed inside it.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void free(void *block)
{
    if (block == NULL) return;
    correct_free(block);
    errno = EINVAL; // what madvise says of a block that starts at no page; nobody put errno back
}
