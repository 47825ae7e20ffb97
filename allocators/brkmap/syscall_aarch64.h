// SPDX-License-Identifier: MIT
/// syscall_aarch64.h: one system call on aarch64, without libc. Included by kernel_linux.c alone.

/// syscall(2), "Architecture calling conventions": the number in x8, arguments in x0 to x5, the
/// answer in x0; `svc #0` leaves all other registers as they were. "memory": the kernel may read
/// and write what the arguments point to.
static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
}
