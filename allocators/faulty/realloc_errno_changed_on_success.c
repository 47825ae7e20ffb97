// SPDX-License-Identifier: MIT
/// realloc_errno_changed_on_success.c: a realloc that succeeds has changed errno. Allowed.
#include "allocators/faulty/correct.h"

#include <errno.h>

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    void *resized = correct_realloc(block, size);
    if (resized != NULL) errno = EAGAIN; // C17 7.5p3: a function that succeeds may
    return resized;
}
