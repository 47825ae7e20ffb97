// SPDX-License-Identifier: MIT
/// break.c: glibc's __curbrk.
#include "harness/fresh/break.h"

#include <stddef.h>

/// NULL where the C library has no such variable.
extern void *__curbrk __attribute__((weak));

void hd_break_tell_libc(uintptr_t now)
{
    if (&__curbrk != NULL && __curbrk != NULL) __curbrk = (void *)now;
}
