// SPDX-License-Identifier: MIT
/// masks.c: SIGSYS taken out of the masks with which other signals' handlers run.
#include "harness/tap/raw.h"
#include "harness/tap/tap.h"

#include <signal.h>
#include <sys/syscall.h>

#define SIGNALS_MAX     64 // of the kernel's
#define SIGNAL_SET_SIZE 8  // bytes
#define SIGSYS_BIT      (UINT64_C(1) << (SIGSYS - 1))

/// As rt_sigaction(2) takes it; libc's struct differs.
struct action {
    uintptr_t handler;
    uint64_t flags;
    uintptr_t restorer;
    uint64_t mask;
};

void hd_tap_let_handlers_through(void)
{
    for (uint64_t number = 1; number <= SIGNALS_MAX; number++) {
        struct action action = {0};
        if (number == SIGSYS) continue;
        if (HD_RAW4(SYS_rt_sigaction, number, 0, (uint64_t)&action, SIGNAL_SET_SIZE) != 0) continue;
        if (action.handler == (uintptr_t)SIG_DFL || action.handler == (uintptr_t)SIG_IGN) continue;
        if ((action.mask & SIGSYS_BIT) == 0) continue;
        action.mask &= ~SIGSYS_BIT;
        (void)HD_RAW4(SYS_rt_sigaction, number, (uint64_t)&action, 0, SIGNAL_SET_SIZE);
    }
}
