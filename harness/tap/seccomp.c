// SPDX-License-Identifier: MIT
/// seccomp.c: a filter that turns every system call into SIGSYS, but for those of the tap itself.
///
/// A filter is for ever and for all code of the process: while the thread is not armed the handler
/// makes each call unseen. So the harness's own calls cost fifteen times as much.
///
/// What makes a second flow of control cannot be made from a handler, nor let through once: clone,
/// fork and their like are never seen by this way. And a program that is executed keeps the filter
/// without the handler: it dies at its first call.
#include "harness/tap/handler.h"
#include "harness/tap/raw.h"
#include "harness/tap/way.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define LOW(address)  ((uint32_t)(uintptr_t)(address))
#define HIGH(address) ((uint32_t)((uintptr_t)(address) >> 32))
#define FIELD(member) ((uint32_t)offsetof(struct seccomp_data, member))

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define ALLOW_CALL(number)                                                                         \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), ANSWER(SECCOMP_RET_ALLOW)

static enum hd_status open_seccomp(struct hd_message *message)
{
    if (!hd_handler_install())
        return hd_fail(message, HD_UNAVAILABLE, "no handler of SIGSYS can be installed");
    // The section is a page, aligned as one: its addresses share the upper half of 64 bits.
    struct sock_filter filter[] = {
        LOAD(FIELD(instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HIGH(hd_raw_start), 0, 4),
        LOAD(FIELD(instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LOW(hd_raw_start), 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LOW((uintptr_t)hd_raw_end - 1), 1, 0),
        ANSWER(SECCOMP_RET_ALLOW),
        LOAD(FIELD(nr)),
        ALLOW_CALL(SYS_rt_sigreturn),
        ALLOW_CALL(SYS_clone),
        ALLOW_CALL(SYS_clone3),
        ALLOW_CALL(SYS_fork),
        ALLOW_CALL(SYS_vfork),
        ALLOW_CALL(SYS_execve),
        ANSWER(SECCOMP_RET_TRAP),
    };
    const struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return hd_fail(message, HD_UNAVAILABLE, "no seccomp filter can be installed: %s",
                       strerror(errno));
    return HD_OK;
}

const struct hd_way hd_way_seccomp = {.open = open_seccomp, .sees_all = true};
