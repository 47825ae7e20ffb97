// SPDX-License-Identifier: MIT
/// die.c: the end of a program whose heap is broken: one line, then abort.
#include "allocators/brkmap/heap.h"

#include <stdlib.h>
#include <unistd.h>

_Noreturn void brkmap_die(const char *line, size_t length)
{
    (void)!write(STDERR_FILENO, line, length);
    abort();
}
