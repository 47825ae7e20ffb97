// SPDX-License-Identifier: MIT
/// handler.c: SIGSYS: a system call, handed over by the kernel before it was made (x86-64).
///
/// Runs between any two instructions of the allocator: no call of libc, no errno, no memory but the
/// thread's own. Compiled without sanitizers and coverage.
#include "harness/tap/handler.h"

#include "harness/tap/answer.h"
#include "harness/tap/raw.h"
#include "harness/tap/tap.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>

#define SIGNAL_SET_SIZE 8 // of the kernel's sigset_t, bytes
#define SIGSYS_BIT      (UINT64_C(1) << (SIGSYS - 1))

/// As rt_sigaction(2) takes it; libc's struct differs.
struct kernel_sigaction {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};
#define KERNEL_SA_RESTORER 0x04000000UL

/// These make a second flow of control, which would return through our frame: the call is made
/// where it stands, with the thread no longer armed. What follows in this operation, and what the
/// new thread does, is not seen: the log counts as lost.
static bool must_run_in_place(long number)
{
    return number == SYS_clone || number == SYS_clone3 || number == SYS_fork ||
           number == SYS_vfork;
}

/// The mask that is changed is the one that the handler returns to; and with SIGSYS blocked the
/// next call handed over would kill the process.
static int64_t change_mask(const uint64_t args[6], uintptr_t from, ucontext_t *context)
{
    const int64_t result = hd_answer(SYS_rt_sigprocmask, args, from);
    uint64_t mask = 0;
    (void)HD_RAW4(SYS_rt_sigprocmask, SIG_BLOCK, 0, (uint64_t)&mask, SIGNAL_SET_SIZE);
    mask &= ~SIGSYS_BIT;
    uint8_t *into = (uint8_t *)&context->uc_sigmask;
    for (size_t i = 0; i < sizeof mask; i++)
        into[i] = (uint8_t)(mask >> 8 * i);
    return result;
}

/// A handler that runs with SIGSYS blocked would be killed by its return: the same, but for that.
static int64_t change_handler(const uint64_t args[6], uintptr_t from)
{
    const struct kernel_sigaction *wanted = (const struct kernel_sigaction *)args[1];
    if (wanted == NULL || args[0] == SIGSYS) return hd_answer(SYS_rt_sigaction, args, from);
    struct kernel_sigaction action;
    action.handler = wanted->handler;
    action.flags = wanted->flags;
    action.restorer = wanted->restorer;
    action.mask = wanted->mask & ~SIGSYS_BIT;
    const uint64_t changed[6] = {args[0], (uint64_t)&action, args[2], args[3], args[4], args[5]};
    return hd_answer(SYS_rt_sigaction, changed, from);
}

static void handle(int signal_number, siginfo_t *info, void *frame)
{
    (void)signal_number;
    if (info->si_code <= 0) return; // sent by somebody, and no system call
    ucontext_t *context = frame;
    greg_t *registers = context->uc_mcontext.gregs;
    const long number = info->si_syscall;
    if (number == SYS_rt_sigreturn) { // another handler's end: the same through our own door
        registers[REG_RIP] = (greg_t)(uintptr_t)hd_raw_restorer;
        return;
    }
    if (must_run_in_place(number)) {
        hd_tap_thread.log->lost++;
        hd_tap_thread.armed = 0;
        registers[REG_RIP] -= 2; // the length of `syscall`; rax holds the number still
        return;
    }
    const uint64_t args[6] = {
        (uint64_t)registers[REG_RDI], (uint64_t)registers[REG_RSI], (uint64_t)registers[REG_RDX],
        (uint64_t)registers[REG_R10], (uint64_t)registers[REG_R8],  (uint64_t)registers[REG_R9]};
    if (number == SYS_rt_sigprocmask)
        registers[REG_RAX] = change_mask(args, (uintptr_t)info->si_call_addr, context);
    else if (number == SYS_rt_sigaction)
        registers[REG_RAX] = change_handler(args, (uintptr_t)info->si_call_addr);
    else
        registers[REG_RAX] = hd_answer(number, args, (uintptr_t)info->si_call_addr);
}

bool hd_handler_install(void)
{
    const struct kernel_sigaction action = {
        .handler = handle,
        .flags = SA_SIGINFO | SA_NODEFER | KERNEL_SA_RESTORER,
        .restorer = hd_raw_restorer,
    };
    const uint64_t sigsys = SIGSYS_BIT; // a parent may have left it blocked
    (void)HD_RAW4(SYS_rt_sigprocmask, SIG_UNBLOCK, (uint64_t)&sigsys, 0, SIGNAL_SET_SIZE);
    return HD_RAW4(SYS_rt_sigaction, SIGSYS, (uint64_t)&action, 0, SIGNAL_SET_SIZE) == 0;
}
