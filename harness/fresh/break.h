// SPDX-License-Identifier: MIT
/// break.h: where libc believes that the break is.
#ifndef HD_BREAK_H
#define HD_BREAK_H

#include <stdint.h>

/// libc's next sbrk takes the break to be there. libc keeps where it is and never asks the kernel;
/// where it has not yet asked (its malloc was never called) it is not told either.
void hd_break_tell_libc(uintptr_t now);

#endif
