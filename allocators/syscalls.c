// SPDX-License-Identifier: MIT
/// syscalls.c: the tables behind syscalls.def.
#include "allocators/syscalls.h"

#include "allocators/status.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>

// Newer machines, aarch64 among them, have faccessat in its place: no call has this number.
#ifndef SYS_access
#define SYS_access (-1000)
#endif

const char *const hd_syscall_names[HD_SYSCALLS] = {
#define HD_REFUSABLE(name, error) [HD_SYSCALL_##name] = #name,
#define HD_SYSCALL(name)          [HD_SYSCALL_##name] = #name,
#include "allocators/syscalls.def"
#undef HD_REFUSABLE
#undef HD_SYSCALL
    [HD_SYSCALL_OTHER] = "other",
};

int hd_syscall_refusal(enum hd_syscall_id id)
{
    static const int errors[HD_REFUSABLES] = {
#define HD_REFUSABLE(name, error) [HD_SYSCALL_##name] = (error),
#define HD_SYSCALL(name)
#include "allocators/syscalls.def"
#undef HD_REFUSABLE
#undef HD_SYSCALL
    };
    HD_ASSERT(id < HD_REFUSABLES);
    return errors[id];
}

enum hd_syscall_id hd_syscall_of(long number)
{
    switch (number) {
#define HD_REFUSABLE(name, error)                                                                  \
    case SYS_##name: return HD_SYSCALL_##name;
#define HD_SYSCALL(name)                                                                           \
    case SYS_##name: return HD_SYSCALL_##name;
#include "allocators/syscalls.def"
#undef HD_REFUSABLE
#undef HD_SYSCALL
    default: return HD_SYSCALL_OTHER;
    }
}
