// SPDX-License-Identifier: MIT
/// syscalls.h: system calls as this project names them: in traces, in policies, in counts.
///
/// One list for both sides of the interface: an allocator's policy says which calls it may make, a
/// trace which are refused.
#ifndef HD_SYSCALLS_H
#define HD_SYSCALLS_H

#include <stdint.h>

enum hd_syscall_id {
#define HD_REFUSABLE(name, error) HD_SYSCALL_##name,
#define HD_SYSCALL(name)
#include "allocators/syscalls.def"
#undef HD_REFUSABLE
#undef HD_SYSCALL
    HD_REFUSABLES, // those before can be refused
    HD_BEFORE_OTHERS = HD_REFUSABLES - 1,
#define HD_REFUSABLE(name, error)
#define HD_SYSCALL(name) HD_SYSCALL_##name,
#include "allocators/syscalls.def"
#undef HD_REFUSABLE
#undef HD_SYSCALL
    HD_SYSCALL_OTHER, // any call that has no line in syscalls.def
    HD_SYSCALLS
};

/// A set of calls, as in `HD_CALLS(brk) | HD_CALLS(mmap)`.
typedef uint64_t hd_syscall_set;
#define HD_CALLS(name) (UINT64_C(1) << HD_SYSCALL_##name)
_Static_assert(HD_SYSCALLS <= 64, "a set is one word");

/// Indexed by enum hd_syscall_id: its name, "other" for HD_SYSCALL_OTHER.
extern const char *const hd_syscall_names[HD_SYSCALLS];

/// The errno that a refused call is answered. pre: id < HD_REFUSABLES.
int hd_syscall_refusal(enum hd_syscall_id id);

/// The id of a call by this machine's number; HD_SYSCALL_OTHER where it has no line.
enum hd_syscall_id hd_syscall_of(long number);

#endif
