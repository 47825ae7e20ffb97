// SPDX-License-Identifier: MIT
/// raw_x86_64.c: the system call as a line of assembly.
#include "harness/tap/raw.h"

/// System V ABI, AMD64: a C function has its arguments in rdi rsi rdx rcx r8 r9 and on the stack;
/// the kernel wants the number in rax and its arguments in rdi rsi rdx r10 r8 r9. Both ways that
/// exempt this section look at the address behind the `syscall`: hence the padding behind the last
/// one, or the return from a signal handler would be handed over again, for ever.
__asm__(".pushsection hd_raw, \"ax\", @progbits\n"
        ".balign 4096\n"
        ".hidden hd_raw_start\n"
        ".globl hd_raw_start\n"
        "hd_raw_start:\n"
        ".hidden hd_raw_syscall\n"
        ".globl hd_raw_syscall\n"
        ".type hd_raw_syscall, @function\n"
        "hd_raw_syscall:\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %rdi\n"
        "    mov %rdx, %rsi\n"
        "    mov %rcx, %rdx\n"
        "    mov %r8, %r10\n"
        "    mov %r9, %r8\n"
        "    mov 8(%rsp), %r9\n"
        "    syscall\n"
        "    ret\n"
        ".size hd_raw_syscall, . - hd_raw_syscall\n"
        ".hidden hd_raw_restorer\n"
        ".globl hd_raw_restorer\n"
        ".type hd_raw_restorer, @function\n"
        "hd_raw_restorer:\n"
        "    mov $15, %eax\n" // rt_sigreturn
        "    syscall\n"
        "    hlt\n"
        ".size hd_raw_restorer, . - hd_raw_restorer\n"
        ".balign 4096\n"
        ".hidden hd_raw_end\n"
        ".globl hd_raw_end\n"
        "hd_raw_end:\n"
        ".popsection\n");
