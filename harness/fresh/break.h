// SPDX-License-Identifier: MIT
/// break.h: where libc believes that the break is.
///
/// Its sbrk asks the kernel once, the first time, and goes by that and by its own moves from then
/// on: in a process whose malloc never used the break that first time is the allocator's. So it is
/// part of what is put back: which calls an input makes depends on it.
#ifndef HD_BREAK_H
#define HD_BREAK_H

#include <stdint.h>

/// To be called when the allocator's state is kept: libc knows the break, or has yet to ask.
void hd_break_keep(void);

/// libc's next sbrk takes the break to be there; or asks again, where it had yet to ask then.
void hd_break_tell_libc(uintptr_t now);

#endif
