// SPDX-License-Identifier: MIT
/// answer.h: what the kernel's answer to a system call says.
#ifndef HD_NOTATION_ANSWER_H
#define HD_NOTATION_ANSWER_H

#include "harness/tap/tap.h"

/// Answers from -HD_ERROR_MAX to -1 are error numbers.
#define HD_ERROR_MAX 4095

/// The error number that a call was answered with; 0: none. (brk has none: it answers where the
/// break is.)
static inline int hd_answer_error(const struct hd_syscall *call)
{
    return call->result < 0 && call->result >= -HD_ERROR_MAX ? (int)-call->result : 0;
}

#endif
