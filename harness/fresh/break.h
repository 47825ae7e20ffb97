// SPDX-License-Identifier: MIT
/// break.h: where libc believes that the break is.
#ifndef HD_BREAK_H
#define HD_BREAK_H

#include <stdbool.h>
#include <stdint.h>

/// False: nobody has called libc's sbrk yet. The first to call it makes it ask the kernel, and it
/// never asks again.
bool hd_break_is_known_to_libc(void);

/// libc's next sbrk takes the break to be there; 0: it asks.
void hd_break_tell_libc(uintptr_t now);

#endif
