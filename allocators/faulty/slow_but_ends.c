// SPDX-License-Identifier: MIT
/// slow_but_ends.c: every malloc takes about a millisecond. Allowed.
#include "allocators/faulty/correct.h"

FAULTY_EXPORT void *malloc(size_t size)
{
    // Spent in user mode: a sleep would be a system call, and another oracle's affair.
    for (volatile int i = 0; i < 2000000; i++) {
    }
    return correct_malloc(size);
}
