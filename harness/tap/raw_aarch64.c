// SPDX-License-Identifier: MIT
/// raw_aarch64.c: the system call as a line of assembly.
#include "harness/tap/raw.h"

/// AAPCS64: a C function has its first eight arguments in x0 to x7; the kernel wants the number in
/// x8 and its arguments in x0 to x5, and answers in x0.
__asm__(".text\n"
        ".balign 4\n"
        ".hidden hd_raw_syscall\n"
        ".globl hd_raw_syscall\n"
        ".type hd_raw_syscall, %function\n"
        "hd_raw_syscall:\n"
        "    mov x8, x0\n"
        "    mov x0, x1\n"
        "    mov x1, x2\n"
        "    mov x2, x3\n"
        "    mov x3, x4\n"
        "    mov x4, x5\n"
        "    mov x5, x6\n"
        "    svc #0\n"
        "    ret\n"
        ".size hd_raw_syscall, . - hd_raw_syscall\n");
