// SPDX-License-Identifier: MIT
/// answer.h: what the kernel's answer to a system call says.
#ifndef HD_NOTATION_ANSWER_H
#define HD_NOTATION_ANSWER_H

#include "harness/tap/tap.h"

/// The error number that a call was answered with; 0: none. (brk has none: it answers where the
/// break is.)
static inline int hd_answer_error(const struct hd_syscall *call)
{
    return hd_syscall_is_error(call->result) ? (int)-call->result : 0;
}

#endif
