// SPDX-License-Identifier: MIT
/// owner.h: whose code made a system call, told by where it was made.
#ifndef HD_TAP_OWNER_H
#define HD_TAP_OWNER_H

#include <stdbool.h>
#include <stdint.h>

/// True when code at `from` counts as the allocator's: it does, but in the ranges of
/// hd_tap_exclude. Callable in a signal handler.
bool hd_owner_is_allocator(uintptr_t from);

/// Excludes what is never an allocator's: the main program, a sanitizer's runtime, the dynamic
/// linker.
void hd_owner_open(void);

#endif
