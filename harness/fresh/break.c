// SPDX-License-Identifier: MIT
/// break.c: glibc's __curbrk, which is NULL until it has asked.
#include "harness/fresh/break.h"

#include <stdbool.h>
#include <stddef.h>

/// NULL where the C library has no such variable.
extern void *__curbrk __attribute__((weak));

static bool known; // when the state was kept

void hd_break_keep(void)
{
    known = &__curbrk != NULL && __curbrk != NULL;
}

void hd_break_tell_libc(uintptr_t now)
{
    if (&__curbrk != NULL) __curbrk = known ? (void *)now : NULL;
}
