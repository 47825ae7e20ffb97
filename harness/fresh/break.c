// SPDX-License-Identifier: MIT
/// break.c: glibc's __curbrk, which is NULL until it has asked.
#include "harness/fresh/break.h"

#include <stddef.h>

/// NULL where the C library has no such variable.
extern void *__curbrk __attribute__((weak));

bool hd_break_is_known_to_libc(void)
{
    return &__curbrk != NULL && __curbrk != NULL;
}

void hd_break_tell_libc(uintptr_t now)
{
    if (&__curbrk != NULL) __curbrk = (void *)now;
}
