// SPDX-License-Identifier: MIT
/// dispatch.c: Syscall User Dispatch (Linux 5.11, x86-64): armed by a byte that the kernel reads.
#include "harness/tap/handler.h"
#include "harness/tap/raw.h"
#include "harness/tap/way.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

// prctl(2), linux/prctl.h and linux/syscall_user_dispatch.h, which Debian 12's libc headers lack in
// part.
#define SET_SYSCALL_USER_DISPATCH 59
#define DISPATCH_ON               1

/// For this thread: all calls but those from the tap's own section, while the selector says so.
static int64_t dispatch_on(void)
{
    return hd_raw_syscall(SYS_prctl, SET_SYSCALL_USER_DISPATCH, DISPATCH_ON,
                          (uint64_t)hd_raw_start, (uint64_t)(hd_raw_end - hd_raw_start),
                          (uint64_t)&hd_tap_thread.armed, 0);
}

static enum hd_status open_dispatch(struct hd_message *message)
{
    if (!hd_handler_install())
        return hd_fail(message, HD_UNAVAILABLE, "no handler of SIGSYS can be installed");
    const int64_t result = dispatch_on();
    if (result != 0)
        return hd_fail(message, HD_UNAVAILABLE,
                       "the kernel has no Syscall User Dispatch (Linux 5.11 on x86-64 has): %s",
                       strerror((int)-result));
    return HD_OK;
}

static void open_thread(void) { (void)dispatch_on(); }

const struct hd_way hd_way_dispatch = {.open = open_dispatch,
                                       .open_thread = open_thread,
                                       .sees_all = true,
                                       .sees_clone = true};
