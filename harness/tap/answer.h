// SPDX-License-Identifier: MIT
/// answer.h: what becomes of one system call, whichever way it came.
#ifndef HD_TAP_ANSWER_H
#define HD_TAP_ANSWER_H

#include <stdint.h>

/// Answers one call made from `from` (0: not known, the allocator's): where the thread is armed and
/// the code is the allocator's refuses it, or makes it, and writes it down; else only makes it. The
/// kernel's answer as it is: -4095 to -1 is -errno. Touches no errno.
int64_t hd_answer(long number, const uint64_t args[6], uintptr_t from);

#endif
