// SPDX-License-Identifier: MIT
/// syscall_x86_64.h: one system call on x86-64, without libc. Included by kernel_linux.c alone.

/// System V ABI, AMD64 supplement A.2.1: the number in rax, arguments in rdi rsi rdx r10 r8 r9,
/// the answer in rax; `syscall` itself overwrites rcx (with the address it returns to) and r11
/// (with the flags). "memory": the kernel may read and write what the arguments point to.
static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return answer;
}
