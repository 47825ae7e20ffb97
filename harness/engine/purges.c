// SPDX-License-Identifier: MIT
/// purges.c: by the call's arguments, and its answer.
#include "harness/engine/purges.h"

#include <sys/mman.h>

static bool discards(uint64_t advice)
{
    return advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_REMOVE ||
           advice == MADV_DONTDUMP;
}

bool hd_is_purge(const struct hd_syscall *call)
{
    const uint64_t *args = call->args;
    switch (hd_syscall_of(call->number)) {
    case HD_SYSCALL_munmap: return true;
    case HD_SYSCALL_madvise: return discards(args[2]);
    case HD_SYSCALL_mprotect: return args[2] == PROT_NONE;
    case HD_SYSCALL_mmap: return args[2] == PROT_NONE && (args[3] & MAP_FIXED) != 0;
    case HD_SYSCALL_mremap: return args[2] < args[1];
    case HD_SYSCALL_brk: return args[0] != 0 && args[0] < call->break_before;
    default: return false;
    }
}

bool hd_purge_was_done(const struct hd_syscall *call)
{
    if (hd_syscall_of(call->number) == HD_SYSCALL_brk)
        return (uintptr_t)call->result < call->break_before;
    return !call->refused && !hd_syscall_is_error(call->result);
}
