// SPDX-License-Identifier: MIT
/// abort_on_double_size_realloc.c: a realloc to twice the size is taken for a corrupt heap.
#include "allocators/faulty/correct.h"

#include <unistd.h>

FAULTY_EXPORT void *realloc(void *block, size_t size)
{
    if (block != NULL && size / 2 >= correct_usable_size(block)) {
        static const char line[] = "realloc(): implausible size\n";
        (void)!write(STDERR_FILENO, line, sizeof line - 1);
        abort();
    }
    return correct_realloc(block, size);
}
