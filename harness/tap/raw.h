// SPDX-License-Identifier: MIT
/// raw.h: the tap's own door to the kernel, never tapped itself.
///
/// On x86-64 all of it lies in one page-aligned section, from hd_raw_start to hd_raw_end, which the
/// ways that work by instruction pointer exempt. Elsewhere there are no such ways, and neither the
/// section nor the restorer.
#ifndef HD_RAW_H
#define HD_RAW_H

#include <stdint.h>

/// Makes the call. The kernel's answer as it is: -4095 to -1 is -errno. Touches no errno.
int64_t hd_raw_syscall(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                       uint64_t f);

/// Returns from a signal handler; no function to be called, the kernel goes there.
void hd_raw_restorer(void);

extern const char hd_raw_start[];
extern const char hd_raw_end[];

/// hd_raw_syscall with its arguments in an array.
static inline int64_t hd_raw_make(long number, const uint64_t args[6])
{
    return hd_raw_syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

/// hd_raw_syscall with fewer arguments.
#define HD_RAW0(number)             hd_raw_syscall((number), 0, 0, 0, 0, 0, 0)
#define HD_RAW1(number, a)          hd_raw_syscall((number), (a), 0, 0, 0, 0, 0)
#define HD_RAW2(number, a, b)       hd_raw_syscall((number), (a), (b), 0, 0, 0, 0)
#define HD_RAW4(number, a, b, c, d) hd_raw_syscall((number), (a), (b), (c), (d), 0, 0)

#endif
